# Xincha with its page, for any search engine. Everything comes from package registries, by version and hash.
#
#   docker build -t xincha .
#   docker run --rm --read-only --tmpfs /tmp -p 127.0.0.1:8000:8000 -v xincha:/data xincha

FROM python:3.11.14-slim-bookworm AS program
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
WORKDIR /source
COPY requirements/run.txt requirements/run.txt
RUN /venv/bin/pip install --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md ./
COPY xincha xincha
COPY indexer indexer
COPY api api
RUN /venv/bin/pip install --no-deps . && /venv/bin/python -m api > openapi.json

FROM node:22.20.0-bookworm-slim AS page
WORKDIR /source/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
COPY --from=program /source/openapi.json ./
RUN npm run generate && npm run build

FROM python:3.11.14-slim-bookworm
COPY --from=program /venv /venv
COPY --from=page /source/frontend/dist /page
# A named volume that is mounted here takes its owner over.
RUN install -d -o 1000 -g 1000 /data /certificates /snapshots
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 XINCHA_DATA=/data XINCHA_PAGE=/page XINCHA_HOST=0.0.0.0
USER 1000:1000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["xincha"]
CMD ["serve"]
