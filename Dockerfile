# The worker and the command line, static, in an image that holds nothing else but git:
# with it repositories are copied when a vendor is left.
# Pin by digest in a real build: golang:1.26.8-alpine3.24@sha256:DIGEST.
FROM golang:1.26.8-alpine3.24 AS build
WORKDIR /src
# The go.mod decides the version of Go: no other is fetched.
ENV CGO_ENABLED=0 GOWORK=off GOTOOLCHAIN=local GOFLAGS=-mod=readonly
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# The commit that this is, since the repository stays outside: --build-arg COMMIT=$(git rev-parse HEAD).
# Without it `gangway verify --replay` calls nothing wholly replayable.
ARG COMMIT=
# timetzdata: there is no zone file in the image.
RUN go build -trimpath -tags timetzdata -ldflags="-buildid= -X gangway/internal/proof.commit=$COMMIT" -o /out/gangway-worker ./worker && \
    go build -trimpath -tags timetzdata -ldflags="-buildid= -X gangway/internal/proof.commit=$COMMIT" -o /out/gangway ./starter && \
    mkdir -p /out/data

# Pin by digest too: alpine:3.24@sha256:DIGEST.
FROM alpine:3.24
RUN apk add --no-cache git git-lfs
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/gangway-worker /out/gangway /
# A new volume takes its owner from here. 65532 is nobody on the machine outside.
COPY --from=build --chown=65532:65532 /out/data /var/lib/gangway
USER 65532:65532
WORKDIR /var/lib/gangway
EXPOSE 8470
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s CMD ["/gangway-worker", "health"]
ENTRYPOINT ["/gangway-worker"]
