'use strict';

const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { join } = require('node:path');
const { cacheDir } = require('./cache.cjs');

/** The same as in jest.config.cjs, so that what is tested is what runs. */
const options = {
  swcrc: false,
  configFile: false,
  sourceMaps: 'inline',
  jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  module: { type: 'commonjs' },
};
/** Raised when `options` change, or a compiler's fault must be forgotten. */
const generation = 1;

/** File name → compiled code, for the stack traces. */
const compiledFiles = new Map();
const sourceMaps = new Map();
let registered = false;

/**
 * Lets this process `require` TypeScript. Files are compiled one by one by the compiler that Temporal's SDK brings, and
 * kept in the cache by their content; packages are left alone, which is why daytwo starts in half the time that a
 * general loader needs. Types are checked by `npm test`, not here. Stack traces name the lines of the sources.
 */
function registerTypeScript() {
  if (registered) return;
  registered = true;
  Module._extensions['.ts'] = (module, file) => {
    const code = compiled(file);
    compiledFiles.set(file, code);
    module._compile(code, file);
  };
  Error.prepareStackTrace = (error, frames) =>
    [headline(error), ...frames.map((frame) => `    at ${inSource(frame)}`)].join('\n');
}

function compiled(file) {
  const source = readFileSync(file, 'utf8');
  const key = createHash('sha256')
    .update(`${generation}\0${process.arch}\0`)
    .update(source)
    .digest('hex')
    .slice(0, 32);
  const folder = join(cacheDir(), 'compiled');
  const kept = join(folder, `${key}.js`);
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    const { code } = require('@swc/core').transformSync(source, { ...options, filename: file });
    keep(folder, kept, code);
    return code;
  }
}

/** A cache that can't be written (a read-only container) costs time, nothing else. */
function keep(folder, kept, code) {
  const aside = `${kept}.${process.pid}.tmp`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(aside, code);
    renameSync(aside, kept);
  } catch {
    return;
  }
}

function headline(error) {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return 'Error';
  }
}

/** A frame of a stack trace as V8 writes it, with the place in the source instead of the one in the compiled code. */
function inSource(frame) {
  const text = frame.toString();
  const file = frame.getFileName();
  const line = frame.getLineNumber();
  const column = frame.getColumnNumber();
  if (!file || line === null || column === null || !compiledFiles.has(file)) return text;
  const entry = mapOf(file)?.findEntry(line - 1, column - 1);
  if (!entry || entry.originalLine === undefined) return text;
  return text.replace(
    `${file}:${line}:${column}`,
    `${file}:${entry.originalLine + 1}:${entry.originalColumn + 1}`,
  );
}

function mapOf(file) {
  if (!sourceMaps.has(file)) sourceMaps.set(file, readMap(compiledFiles.get(file)));
  return sourceMaps.get(file);
}

function readMap(code) {
  const match = /\/\/# sourceMappingURL=data:application\/json;[^,]*base64,(\S+)\s*$/.exec(code);
  if (!match) return undefined;
  try {
    return new Module.SourceMap(JSON.parse(Buffer.from(match[1], 'base64').toString('utf8')));
  } catch {
    return undefined;
  }
}

module.exports = { registerTypeScript };
