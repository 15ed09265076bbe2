# `asl serve`: the API of AWS Step Functions over the definitions in /workflows, with executions in /data.
#
#     docker build -t asl .
#     docker run --rm -p 127.0.0.1:8083:8083 -v "$PWD/workflows:/workflows:ro" -v asl-data:/data asl
#
# It asks for no key, because only this machine reaches the port as it is published above. Where others do, mount a file with a secret, and let only
# those in who sign with it (docs/server.md):
#
#     docker run --rm -p 8083:8083 -v "$PWD/workflows:/workflows:ro" -v asl-data:/data -v "$PWD/secret:/secret:ro" asl --key ID=/secret
#
# Definitions are compiled when they are loaded, so the image has a Rust toolchain; the libraries that they need are built with it.
FROM rust:1.95-slim AS build
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
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8083 && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 ' <&3"]
ENTRYPOINT ["asl", "serve", "/workflows", "--data", "/data", "--address", "0.0.0.0"]
CMD ["--no-auth"]
