# The server alone: bundled, with what the bundle needs beside it, and the built panel.
#
#   docker build --tag rollcall .
#   docker run --read-only --volume rollcall:/data --publish 127.0.0.1:8000:8000 \
#     --env ROLLCALL_SECRET --env ROLLCALL_PUBLIC_URL=https://accounts.example rollcall

FROM node:24.21.0-bookworm-slim AS node

FROM node AS tools
WORKDIR /app
RUN npm install --global pnpm@12.21.0
COPY package.json pnpm-workspace.yaml pnpm-lock.yaml ./

FROM tools AS bundles
# First what decides about dependencies, so that other changes install nothing anew.
COPY apps/admin/package.json apps/admin/
COPY apps/server/package.json apps/server/
COPY packages/contract/package.json packages/contract/
COPY packages/sdk/package.json packages/sdk/
RUN pnpm install --frozen-lockfile --filter "@rollcall/admin..." --filter "@rollcall/server..."
COPY packages/sdk/src packages/sdk/src
COPY apps/admin/index.html apps/admin/vite.config.ts apps/admin/
COPY apps/admin/src apps/admin/src
RUN pnpm --filter @rollcall/admin build
COPY packages/contract/src packages/contract/src
COPY apps/server/build.ts apps/server/
COPY apps/server/src apps/server/src
RUN pnpm --filter @rollcall/server build

FROM tools AS build
COPY apps/server/package.json apps/server/
COPY packages/contract/package.json packages/contract/
RUN pnpm install --frozen-lockfile --prod --filter "@rollcall/server..."
COPY apps/server/migrations apps/server/migrations
COPY --from=bundles /app/apps/server/dist apps/server/dist
COPY --from=bundles /app/apps/admin/dist apps/admin/dist

# Neither npm nor pnpm nor a compiler.
FROM debian:bookworm-slim
COPY --from=node /usr/local/bin/node /usr/local/bin/node
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin rollcall \
  && install --directory --owner=rollcall --group=rollcall --mode=0700 /data
# Owned by root: the server cannot change itself.
COPY --from=build /app /app
WORKDIR /app
ENV NODE_ENV=production \
  ROLLCALL_ENV=production \
  ROLLCALL_HOST=0.0.0.0 \
  ROLLCALL_DATABASE_URL=file:/data/rollcall.db
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.ROLLCALL_PORT || 8000}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/apps/server/dist/cli.js"]
CMD ["serve"]
