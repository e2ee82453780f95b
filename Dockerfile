# Plainsight in a container: `plainsight serve` as a user without rights, its database in the volume /data.
#
# Nothing but /data and /tmp is written to, so the root file system may be read-only. Since the service listens on
# 0.0.0.0 here, it refuses to start until there is an API token; `plainsight token create NAME`, run in a container on
# the same database, makes one. Secrets may be files in /run/secrets, such as /run/secrets/plainsight_jira_token.
# docs/deploying.md has all of it, and how to build where packages come from an index of one's own.

ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY requirements.txt requirements-build.txt ./
# The secret is optional: a pip.conf that names another index, or a company's certificates.
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    python -m venv /opt/plainsight \
    && /opt/plainsight/bin/python -m pip install --require-hashes -r requirements.txt \
    && python -m venv /opt/build \
    && /opt/build/bin/python -m pip install --require-hashes -r requirements-build.txt
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY connectors connectors
COPY templates templates
COPY migrations migrations
RUN /opt/build/bin/python -m pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
    && /opt/plainsight/bin/python -m pip install --no-deps --no-index /dist/plainsight-*.whl \
    && /opt/plainsight/bin/python -m pip uninstall --yes pip setuptools

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="Plainsight" \
      org.opencontainers.image.description="OKRs and KPIs in plain sight: Jira evidence in, Confluence status pages out." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0"
RUN groupadd --gid 10001 plainsight \
    && useradd --uid 10001 --gid plainsight --no-create-home --home-dir /data --shell /usr/sbin/nologin plainsight \
    && install --directory --owner plainsight --group plainsight --mode 0750 /data
COPY --from=build /opt/plainsight /opt/plainsight
ENV PATH=/opt/plainsight/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PLAINSIGHT_DATABASE_URL=sqlite:////data/plainsight.db \
    PLAINSIGHT_HOST=0.0.0.0 \
    PLAINSIGHT_PORT=8080 \
    PLAINSIGHT_LOG_FORMAT=json
WORKDIR /data
USER 10001:10001
VOLUME /data
EXPOSE 8080
# Past any proxy that the environment names.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", \
    "import os, urllib.request as r; r.build_opener(r.ProxyHandler({})).open('http://127.0.0.1:' + os.environ['PLAINSIGHT_PORT'] + '/livez', timeout=4)"]
CMD ["plainsight", "serve"]
