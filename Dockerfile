# The cluster profile's processes in one image: gateway, projector, API with its page, command line.
# The same Node as the lock file pins for everybody else.
FROM node:24.21.0-bookworm-slim AS manifests
WORKDIR /app
COPY . .
# What the lock file speaks of, and nothing else: a change of sources installs nothing again.
RUN find . -type f -not -name 'package.json' -not -name 'package-lock.json' -delete \
  && find . -type d -empty -delete

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY --from=manifests /app .
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node_modules/.bin/tsc -b apps/gateway apps/projector apps/api apps/cli \
  && node_modules/.bin/vite build apps/dashboard \
  && find apps libs -depth -type d \( -name src -o -name node_modules \) -exec rm -rf {} + \
  && find apps libs -type f \( -name '*.tsbuildinfo' -o -name '*.d.ts' -o -name '*.map' \) -delete

# Of the packages those that run: without chDB, which a ClickHouse server takes the place of, and without
# the pinned Node, which is the image's own.
FROM node:24.21.0-bookworm-slim AS packages
WORKDIR /app
COPY --from=manifests /app .
RUN npm ci --ignore-scripts --omit=dev --omit=optional --no-audit --no-fund \
  --workspace=apps/gateway --workspace=apps/projector --workspace=apps/api --workspace=apps/cli

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production UV_THREADPOOL_SIZE=16
WORKDIR /app
COPY --from=build /app/package.json /app/LICENSE ./
COPY --from=build /app/apps ./apps
COPY --from=build /app/libs ./libs
# Packages that lie beside those who need another version of them.
COPY --from=packages /app/apps ./apps
COPY --from=packages /app/libs ./libs
COPY --from=packages /app/node_modules ./node_modules
COPY deploy/ready.mjs ./deploy/
# The volume takes its owner from here: the processes run as `node`, who owns nothing else.
RUN install -d -o node -g node -m 0700 /var/lib/chargeproof
USER node
CMD ["node", "apps/cli/dist/main.js", "help"]
