'use strict';

const { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { cacheDir, refusals } = require('./cache.cjs');
const { waitForLock } = require('./lock.cjs');
const { live } = require('./progress.cjs');
const { run, tail } = require('./run.cjs');
const { sdkDownload, sdkVersion } = require('./sdk-way.cjs');
const { firstThatWorks } = require('./ways.cjs');

const version = '1.31.0';
const tool = 'Temporal time-skipping test server';

const fromSdk = (dir) => join(dir, `temporal-test-server-sdk-${sdkVersion()}`);
const fromMaven = (dir) => join(dir, `temporal-test-server-maven-${version}`, 'run');

/** The ways to a time-skipping test server, in order of preference. */
function testServerWays(dir, env) {
  return [
    { name: 'DAYTWO_TEST_SERVER', only: true, get: () => named(env.DAYTWO_TEST_SERVER) },
    { name: 'the cache', get: () => cachedTestServer(env, dir) },
    {
      name: "the Temporal SDK's download",
      remembered: true,
      mend: 'allow https://temporal.download.',
      get: () => sdkDownload('test-server', fromSdk(dir), "Temporal's test server"),
    },
    {
      name: 'Maven',
      mend: 'install a Java runtime (11 or newer) and Maven (https://maven.apache.org/install.html).',
      get: () => fromMavenCentral(dir),
    },
  ];
}

/** A time-skipping test server for this machine, brought here where there is none yet; its path. */
async function testServer({ env = process.env, retryDownloads = false } = {}) {
  const dir = cacheDir(env);
  const memory = refusals(dir);
  if (retryDownloads) memory.forgetAll();
  const atHand = cachedTestServer(env, dir);
  if (atHand !== undefined && !env.DAYTWO_TEST_SERVER) return atHand;
  mkdirSync(dir, { recursive: true });
  const lock = await waitForLock(join(dir, 'test-server.lock'), (holder) =>
    console.error(`Another start (pid ${holder.pid}) is bringing the test server; waiting for it.`),
  );
  try {
    return await firstThatWorks(tool, testServerWays(dir, env), memory, (text) => console.error(text));
  } finally {
    lock.release();
  }
}

/** The test server that is at hand without bringing anything. */
function cachedTestServer(env = process.env, dir = cacheDir(env)) {
  return env.DAYTWO_TEST_SERVER || [fromSdk(dir), fromMaven(dir)].find((path) => existsSync(path));
}

function named(path) {
  if (!path) return undefined;
  if (!existsSync(path)) throw new Error(`${path} does not exist`);
  return path;
}

async function fromMavenCentral(dir) {
  const java = await run('java', ['-version']);
  if (java.code !== 0) throw new Error('Java is not installed');
  const folder = join(dir, `maven-${process.pid}.tmp`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'pom.xml'), pom);
  let files = 0;
  const line = live("Downloading Temporal's test server from Maven Central", () => `${files} files`);
  const onOutput = (text) => (files += text.split('Downloaded from').length - 1);
  try {
    const result = await run('mvn', ['-B', '-f', join(folder, 'pom.xml'), ...copyDependencies(folder)], {
      onOutput,
    });
    if (result.code === 127) throw new Error('Maven is not installed');
    if (result.code !== 0) throw new Error(tail(result.output.replace(/^(?!\[ERROR\]).*\n?/gm, ''), 3));
    writeFileSync(join(folder, 'run'), launcher);
    chmodSync(join(folder, 'run'), 0o755);
    const target = join(fromMaven(dir), '..');
    rmSync(target, { recursive: true, force: true });
    renameSync(folder, target);
    line.done("Downloaded Temporal's test server");
    return fromMaven(dir);
  } finally {
    line.clear();
    rmSync(folder, { recursive: true, force: true });
  }
}

const copyDependencies = (folder) => [
  'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies',
  `-DoutputDirectory=${join(folder, 'lib')}`,
  '-DincludeScope=runtime',
];

// slf4j-nop: without a binding, slf4j writes a warning into every test's output.
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>daytwo</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>${version}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;

// The SDK gives the port as argument and ends the process itself, so the shell must become the Java process.
const launcher = `#!/bin/sh
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"
`;

module.exports = { testServer, cachedTestServer, testServerWays };
