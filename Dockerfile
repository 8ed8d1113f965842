# One image for web, worker and beat. Build where a package registry can be reached.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app

# Before the code, so that a change of code does not install everything anew.
COPY requirements.lock .
RUN pip install --require-hashes --no-deps -r requirements.lock

COPY . .
# Settings want addresses at start; collecting static files reaches for none of them.
RUN SECRET_KEY=build DATABASE_URL=postgres://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 \
    python manage.py collectstatic --no-input \
    && useradd --system --uid 10001 --no-create-home desk \
    && mkdir -p /data/media && chown -R desk /data

ENV MEDIA_ROOT=/data/media
USER desk
EXPOSE 8000
CMD ["uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--no-access-log", "--no-server-header", "--lifespan", "off", "--timeout-graceful-shutdown", "10"]
