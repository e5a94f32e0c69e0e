# Frontdesk with its worked example; mount a home of your own and set FRONTDESK_HOME to it. See docs/operations.md.
FROM node:lts-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json build-assets.mjs ./
COPY src src
COPY channels channels
COPY examples examples
RUN npm run build

FROM node:lts-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:lts-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json frontdesk.yaml ./
COPY migrations migrations
COPY workflows workflows
COPY connectors connectors
# Where the PostgreSQL of our own keeps its files when DATABASE_URL is not set; it refuses to run as root.
RUN mkdir data && chown node:node data
VOLUME /app/data
USER node
EXPOSE 3000
# A worker has no web server: start it with --no-healthcheck.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Short-lived objects of a busy line die young in a nursery of 64 MB; in the default 16 MB a fifth of the CPU goes into copying them.
ENTRYPOINT ["node", "--max-semi-space-size=64", "dist/src/main.js"]
CMD ["start"]
