"""Where programs want their events, what was sent there, and every try."""


import common.crypto
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('openapi', '0002_feed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(max_length=48)),
                ('type', models.CharField(max_length=40, verbose_name='event')),
                ('body', models.TextField()),
                ('status', models.CharField(choices=[('waiting', 'Waits'), ('delivered', 'Delivered'), ('dead', 'Given up'), ('recorded', 'Recorded in the sandbox')], default='waiting', max_length=9, verbose_name='status')),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
            ],
            options={
                'verbose_name': 'delivery to a program',
                'verbose_name_plural': 'deliveries to programs',
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begun_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
                ('status_code', models.PositiveSmallIntegerField(null=True)),
                ('error', models.CharField(blank=True, max_length=60)),
                ('duration_ms', models.PositiveIntegerField(null=True)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tries', to='openapi.delivery')),
            ],
            options={
                'verbose_name': 'try of a delivery',
                'verbose_name_plural': 'tries of deliveries',
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=500, verbose_name='address')),
                ('types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='types of events')),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('areas', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('secret', common.crypto.EncryptedTextField()),
                ('old_secret', common.crypto.EncryptedTextField(default='')),
                ('old_secret_until', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('on', 'On'), ('paused', 'Paused after failures'), ('off', 'Switched off')], default='on', max_length=6, verbose_name='state')),
                ('failures', models.PositiveIntegerField(default=0)),
                ('failing_since', models.DateTimeField(null=True)),
                ('rests_until', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to='openapi.application', verbose_name='application')),
            ],
            options={
                'verbose_name': 'webhook',
                'verbose_name_plural': 'webhooks',
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='subscription',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='openapi.subscription'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('status', 'waiting')), fields=['subscription', 'next_try_at', 'id'], name='webhook_due'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['subscription', '-id'], name='webhook_newest'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('subscription', 'message_id'), name='webhook_message_once'),
        ),
    ]
