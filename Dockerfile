# accesslog_exporter on Debian 13.
#   docker build -t accesslog_exporter .
#   docker run --rm -p 127.0.0.1:9517:9517 --group-add 4 -v /var/log/nginx:/logs:ro \
#     -v accesslog-state:/var/lib/accesslog_exporter accesslog_exporter
# The volume keeps the counters over a new container; without it they begin at 0.
# docker-compose.yml runs it hardened, with Prometheus, Alertmanager and Grafana around it.

FROM debian:trixie-slim AS build

# dpkg-dev is for dpkg-shlibdeps below.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends \
      g++ cmake ninja-build pkg-config dpkg-dev \
      prometheus-cpp-dev libcivetweb-dev libspdlog-dev libtomlplusplus-dev libre2-dev \
      libsqlite3-dev libcli11-dev libcurl4-openssl-dev libsimdjson-dev nlohmann-json3-dev zlib1g-dev \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /src
COPY . .

ARG REVISION=unknown
RUN cmake --preset release -DCMAKE_INSTALL_PREFIX=/usr -DACCESSLOG_BUILD_TESTS=OFF \
      -DACCESSLOG_REVISION="${REVISION}" \
 && cmake --build --preset release \
 && DESTDIR=/out cmake --install build/release --strip

# The packages that hold the shared libraries of the binary, asked of Debian rather than listed
# by hand: their names change with each soname. dpkg-shlibdeps insists on a debian/control.
# libcurl is loaded only when a report is sent, so nothing but its name tells of it.
# The file in between is there because a pipe would hide that it failed.
WORKDIR /shlibs
RUN mkdir debian \
 && touch debian/control \
 && dpkg-shlibdeps -O /out/usr/bin/accesslog_exporter > depends \
 && sed -e 's/^shlibs:Depends=//' -e 's/ *([^)]*)//g' -e 's/ *|[^,]*//g' -e 's/, */\n/g' \
      depends > /out/runtime-packages \
 && dpkg-query -S "$(readlink -f /usr/lib/*/libcurl.so.4)" | cut -d: -f1 >> /out/runtime-packages \
 && test -s /out/runtime-packages


FROM debian:trixie-slim

COPY --from=build /out/runtime-packages /usr/share/accesslog_exporter/runtime-packages

# A new named volume takes over the owner of the directory that it is mounted on, so the state
# directory has to exist here with the right one.
# tzdata is for the time zones of the configuration; no library asks for it.
# The check at the end is for libraries that dpkg-shlibdeps cannot see.
COPY --from=build /out/usr/ /usr/
COPY LICENSE /usr/share/doc/accesslog_exporter/LICENSE
RUN apt-get update \
 && xargs -a /usr/share/accesslog_exporter/runtime-packages \
      apt-get install --yes --no-install-recommends tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o 65532 -g 65532 -m 0750 /var/lib/accesslog_exporter \
 && /usr/bin/accesslog_exporter --version

# A number, because Kubernetes' runAsNonRoot cannot judge a name.
USER 65532:65532
WORKDIR /var/lib/accesslog_exporter
EXPOSE 9517

HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/usr/bin/accesslog_exporter", "healthcheck"]

# 0.0.0.0, because 127.0.0.1 of a container is reachable from nowhere. Publish the port on the
# host's 127.0.0.1, or keep it inside a container network.
ENTRYPOINT ["/usr/bin/accesslog_exporter"]
CMD ["--web.listen-address=0.0.0.0:9517", \
     "--state.file=/var/lib/accesslog_exporter/state.db", "/logs/access.log"]

# Last, so that a new date does not build the layers above again.
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="accesslog_exporter" \
      org.opencontainers.image.description="Prometheus exporter for web server access logs" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}"
