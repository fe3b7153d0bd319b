# One stage builds the wheel, the next holds only what runs. BASE is any image with Python 3.11 to 3.14.
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /build
COPY requirements/build.txt requirements/build.txt
RUN python -m venv /opt/build && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt
COPY . .
RUN /opt/build/bin/python -m hatchling build -t wheel -d /wheel

FROM ${BASE}
COPY requirements/run.txt /tmp/run.txt
COPY --from=build /wheel /wheel
RUN python -m venv /opt/kvitto \
 && /opt/kvitto/bin/pip install --no-cache-dir --require-hashes -r /tmp/run.txt \
 && /opt/kvitto/bin/pip install --no-cache-dir --no-deps --no-index /wheel/*.whl \
 && rm -rf /wheel /tmp/run.txt \
 && useradd --system --uid 10001 --home-dir /data --create-home kvitto
USER 10001
WORKDIR /data
VOLUME /data
# Everything that is kept lies in /data; the rest of the file system may be read-only.
ENV KVITTO_STORE__FOLDER=/data KVITTO_WEB__HOST=0.0.0.0 KVITTO_EMAIL__HOST=0.0.0.0 PYTHONDONTWRITEBYTECODE=1
EXPOSE 8000 2525
HEALTHCHECK --interval=30s --timeout=5s CMD ["/opt/kvitto/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
ENTRYPOINT ["/opt/kvitto/bin/kvitto"]
CMD ["serve"]
