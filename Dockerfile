# Plainsight in a container: `plainsight serve` as a user without rights, its database in the volume /data.
#
# Without PLAINSIGHT_API_TOKEN the service listens on loopback only, where nobody outside the container reaches it;
# since PLAINSIGHT_HOST is 0.0.0.0 here, it refuses to start until the token is set. Secrets may be files in
# /run/secrets, such as /run/secrets/plainsight_api_token.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
COPY requirements.txt requirements-build.txt ./
RUN python -m venv /opt/plainsight \
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

FROM python:3.11-slim
RUN groupadd --gid 10001 plainsight \
    && useradd --uid 10001 --gid plainsight --no-create-home --home-dir /data --shell /usr/sbin/nologin plainsight \
    && install --directory --owner plainsight --group plainsight --mode 0750 /data
COPY --from=build /opt/plainsight /opt/plainsight
ENV PATH=/opt/plainsight/bin:$PATH \
    PYTHONUNBUFFERED=1 \
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
