# The worker and the server of daytwo, in one image: `docker run daytwo worker`, `docker run daytwo server`.
FROM node:20.20.2-bookworm-slim AS build
WORKDIR /daytwo
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts ./scripts
COPY src ./src
RUN npm run build

FROM node:20.20.2-bookworm-slim
ENV NODE_ENV=production \
    DAYTWO_WORKFLOW_BUNDLE=/daytwo/dist/workflow-bundle.js \
    DAYTWO_CONFIG_DIR=/daytwo/config \
    DAYTWO_STATE_DIR=/tmp/daytwo \
    DAYTWO_CACHE_DIR=/tmp/daytwo-cache
WORKDIR /daytwo
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund && npm cache clean --force
COPY bin ./bin
COPY scripts ./scripts
COPY config ./config
COPY src ./src
# The stand-in world has no place in production: without its files, nothing can load it.
RUN rm -rf src/sandbox src/demo
COPY --from=build /daytwo/dist ./dist
COPY tsconfig.json ./
USER node
ENTRYPOINT ["node", "bin/daytwo.cjs"]
CMD ["worker"]
