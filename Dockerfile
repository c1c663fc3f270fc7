# The bot as a container (docs/running.md, "With Docker"). Not built by CI: what it relies on is tested in tests/deploy.test.ts.

FROM node:26-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without development packages (so there is no bundle, and the bot runs from its sources), and without running anything that a package
# brings along.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:26-slim
WORKDIR /app
# Everything in /app belongs to root and is only read; what the bot writes is in /data, and compiled code in /tmp.
COPY --from=packages /app/node_modules ./node_modules
COPY . .
RUN install --directory --owner=node --group=node /data
USER node
VOLUME /data
ENV NODE_ENV=production \
    DATABASE_URL=sqlite:/data/study.db \
    METRICS_PORT=9464
# A server may be a minute late at the start, and nothing listens before it is there.
HEALTHCHECK --interval=30s --timeout=5s --start-period=90s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.METRICS_PORT}/healthz`, { signal: AbortSignal.timeout(4000) }).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself and not npm, which would keep SIGTERM to itself; the same flags as `npm start`.
CMD ["node", "--v8-pool-size=1", "--max-semi-space-size=8", "--initial-old-space-size=64", "-r", "./src/require-node.cjs", "src/start.ts"]
