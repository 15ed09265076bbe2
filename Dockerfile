# `asl serve`: the API of AWS Step Functions over the definitions in /workflows, with executions in /data.
#
#     docker build -t asl .
#     docker run --rm -p 127.0.0.1:8083:8083 -v "$PWD/workflows:/workflows:ro" -v asl-data:/data asl
#
# It asks for no key, because only this machine reaches the port as it is published above; pass `--key ID=FILE` where others do (docs/server.md).
# Definitions are compiled when they are loaded, so the image has a Rust toolchain; the libraries that they need are built with it.
FROM rust:1.95-slim AS build
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev make && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo install --locked --path asl-cli --root /usr/local

FROM rust:1.95-slim
RUN useradd --create-home asl && mkdir /data /workflows && chown asl /data
COPY --from=build /usr/local/bin/asl /usr/local/bin/asl
USER asl
# Built here once, so that no container has to.
RUN asl jsonata '1 + 1' && asl doctor
VOLUME ["/data"]
EXPOSE 8083
ENTRYPOINT ["asl", "serve", "/workflows", "--data", "/data", "--address", "0.0.0.0", "--no-auth"]
