# Xincha with its page, for any search engine. Everything comes from package registries, by version and hash.
#
#   docker build -t xincha .
#   docker run --rm --read-only --tmpfs /tmp -v xincha:/data -v /folder:/files:ro xincha load /files
#   docker run -d --name xincha --read-only --tmpfs /tmp -v xincha:/data -p 127.0.0.1:8000:8000 xincha
#
# A digest names the bytes of an image, whichever registry hands them out: docs/operations.md says how it is renewed, and how
# a mirror is used.
ARG PYTHON_IMAGE=python:3.11.14-slim-bookworm@sha256:65a93d69fa75478d554f4ad27c85c1e69fa184956261b4301ebaf6dbb0a3543d
ARG NODE_IMAGE=node:22.20.0-bookworm-slim@sha256:b21fe589dfbe5cc39365d0544b9be3f1f33f55f3c86c87a76ff65a02f8f5848e

FROM ${PYTHON_IMAGE} AS program
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
WORKDIR /source
COPY requirements/build.txt requirements/run.txt requirements/
# In isolation pip would fetch what builds a package by itself, without a hash.
RUN /venv/bin/pip install --require-hashes -r requirements/build.txt \
    && /venv/bin/pip install --require-hashes --no-build-isolation -r requirements/run.txt
COPY pyproject.toml README.md ./
COPY xincha xincha
COPY indexer indexer
COPY api api
RUN /venv/bin/pip install --no-deps --no-build-isolation . && /venv/bin/python -m api > openapi.json
# What no part of Xincha opens (tests/deploy/test_image.py). A clone may have been made under a umask that hides it from others.
COPY deploy/unused.txt ./
RUN cd /venv/lib/python3*/site-packages && rm -rf $(cat /source/unused.txt) && chmod -R a+rX /venv

FROM ${NODE_IMAGE} AS page
WORKDIR /source/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY frontend ./
COPY api/html/catalogues ../api/html/catalogues
COPY --from=program /source/openapi.json ./
RUN npm run generate && npm run build && chmod -R a+rX dist

FROM ${PYTHON_IMAGE}
COPY --from=program /venv /venv
COPY --from=page /source/frontend/dist /page
COPY --chmod=755 deploy/opensearch /xincha
# A named volume that is mounted here takes its owner over.
RUN install -d -o 1000 -g 1000 /data /holds /watches /certificates /scripts /snapshots
# Unpacked archives and spreadsheets on their way are too large for a /tmp in memory.
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 TMPDIR=/data \
    XINCHA_DATA=/data XINCHA_DATA_MOUNTED=true XINCHA_PAGE=/page XINCHA_HOST=0.0.0.0
USER 1000:1000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD python -c "import urllib.request as r; r.urlopen('http://127.0.0.1:${XINCHA_PORT:-8000}/healthz', timeout=4)"
ENTRYPOINT ["xincha"]
CMD ["serve"]
