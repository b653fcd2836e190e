"""QR Score: points, codes, ratings that only grow in number, comments, salts of the day."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


# Ratings are facts: only what became of one may change, and a replaced one is final.
APPEND_ONLY = """
CREATE TRIGGER point_rating_fixed BEFORE UPDATE OF
    id, point_id, code_id, given_on, given_at, score, reasons, language, device, network
    ON reports_pointrating FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER point_rating_replaced BEFORE UPDATE OF outcome ON reports_pointrating
    FOR EACH ROW WHEN (OLD.outcome = 'changed') EXECUTE FUNCTION refuse_change();
CREATE TRIGGER point_rating_no_delete BEFORE DELETE ON reports_pointrating
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER point_rating_no_truncate BEFORE TRUNCATE ON reports_pointrating EXECUTE FUNCTION refuse_change();
"""
FREE = """
DROP TRIGGER point_rating_no_truncate ON reports_pointrating;
DROP TRIGGER point_rating_no_delete ON reports_pointrating;
DROP TRIGGER point_rating_replaced ON reports_pointrating;
DROP TRIGGER point_rating_fixed ON reports_pointrating;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0002_changed_appeals'),
        ('appeals', '0002_append_only'),  # the function that refuses
        ('organizations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DaySalt',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False, verbose_name='day')),
                ('salt', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='PointCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, unique=True, verbose_name='code')),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='issued')),
                ('replaced_at', models.DateTimeField(null=True, verbose_name='replaced')),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ServicePoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_kk', models.CharField(max_length=250, verbose_name='name in Kazakh')),
                ('name_ru', models.CharField(max_length=250, verbose_name='name in Russian')),
                ('name_en', models.CharField(blank=True, max_length=250, verbose_name='name in English')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('is_active', models.BooleanField(default=True, verbose_name='takes ratings')),
                ('is_demo', models.BooleanField(default=False, verbose_name='invented')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.department', verbose_name='unit')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization', verbose_name='organization')),
            ],
            options={
                'verbose_name': 'service point',
                'verbose_name_plural': 'service points',
                'ordering': ['organization__slug', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PointRating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_on', models.DateField(verbose_name='day')),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='time')),
                ('score', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='score')),
                ('reasons', models.JSONField(default=list, verbose_name='reasons')),
                ('language', models.CharField(max_length=2, verbose_name='language')),
                ('device', models.CharField(max_length=32)),
                ('network', models.CharField(max_length=32)),
                ('outcome', models.CharField(choices=[('counted', 'counted'), ('set_aside', 'set aside, waits for a person'), ('refused', 'not counted after a look'), ('changed', 'replaced by a later one of the same day')], default='counted', max_length=9, verbose_name='outcome')),
                ('is_released', models.BooleanField(default=False)),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('code', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.pointcode')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='reports.servicepoint', verbose_name='service point')),
            ],
        ),
        migrations.AddField(
            model_name='pointcode',
            name='point',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='reports.servicepoint', verbose_name='service point'),
        ),
        migrations.CreateModel(
            name='RatingComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=300, verbose_name='comment')),
                ('state', models.CharField(choices=[('waiting', 'waits for a person'), ('approved', 'shown to everybody'), ('refused', 'not shown')], default='waiting', max_length=8, verbose_name='state')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rating', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='comment', to='reports.pointrating', verbose_name='rating')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['id'], name='comments_waiting')],
            },
        ),
        migrations.AddIndex(
            model_name='pointrating',
            index=models.Index(fields=['point', 'outcome', 'given_on'], name='point_ratings'),
        ),
        migrations.AddIndex(
            model_name='pointrating',
            index=models.Index(fields=['point', 'network', 'given_at'], name='point_networks'),
        ),
        migrations.AddIndex(
            model_name='pointrating',
            index=models.Index(condition=models.Q(('outcome', 'set_aside')), fields=['given_at'], name='ratings_aside'),
        ),
        migrations.AddConstraint(
            model_name='pointrating',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', 'changed'), _negated=True), fields=('point', 'device', 'given_on'), name='one_rating_of_a_device_a_day'),
        ),
        migrations.AddConstraint(
            model_name='pointrating',
            constraint=models.CheckConstraint(condition=models.Q(('score__gte', 1), ('score__lte', 5)), name='point_score_1_to_5'),
        ),
        migrations.AddConstraint(
            model_name='pointcode',
            constraint=models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True)), fields=('point',), name='one_code_of_a_point'),
        ),
        migrations.RunSQL(APPEND_ONLY, FREE),
    ]
