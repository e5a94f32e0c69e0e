# Frontdesk with its example content; mount your own home folder and set FRONTDESK_HOME to it. See docs/operations.md.
# The base image is pinned by digest, for reproducible builds. To update it, put the digest that
# `docker buildx imagetools inspect node:24-bookworm-slim` prints into all three FROM lines.
FROM node:24.18.0-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json build.mjs ./
COPY src src
COPY channels channels
COPY examples examples
RUN npm run build

FROM node:24.18.0-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY .ci/sbom.mjs .ci/sbom.mjs
RUN npm ci --omit=dev --no-audit --no-fund && npm run --silent sbom > sbom.cdx.json

FROM node:24.18.0-bookworm-slim@sha256:6f7b03f7c2c8e2e784dcf9295400527b9b1270fd37b7e9a7285cf83b6951452d
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=dependencies /app/sbom.cdx.json sbom.cdx.json
COPY --from=build /app/dist dist
COPY package.json frontdesk.yaml ./
COPY migrations migrations
COPY workflows workflows
COPY connectors connectors
# The embedded PostgreSQL's files when DATABASE_URL is not set; it refuses to run as root.
RUN mkdir data && chown node:node data
VOLUME /app/data
USER node
EXPOSE 3000
# A worker has no web server: start it with --no-healthcheck.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "const { ADMIN_HOST: host = '', ADMIN_PORT, PORT } = process.env; fetch(`http://${ADMIN_PORT && /[1-9]/.test(host) && !host.includes(':') ? host : '127.0.0.1'}:${ADMIN_PORT || PORT || 3000}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# A 64 MB young generation lets most objects die there under load; with the default 16 MB a fifth of the CPU copies them.
ENTRYPOINT ["node", "--max-semi-space-size=64", "dist/src/main.js"]
CMD ["start"]
