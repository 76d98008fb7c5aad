import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Every option of every section as fail2ban's own reader has it; null: it cannot be filled in. */
export type ReadByFail2ban = Record<string, Record<string, string | null>>

const readFolder = `
import json, sys
from fail2ban.client.configreader import ConfigReader
reader = ConfigReader(share_config={}, basedir=sys.argv[1])
reader.read('jail')
reader.merge_defaults({'fail2ban_version': '<fail2ban_version>', 'fail2ban_confpath': sys.argv[1]})
def value(section, option):
  try: return reader.get(section, option)
  except Exception: return None
print(json.dumps({s: {o: value(s, o) for o in reader.options(s, withDefault=True)} for s in reader.sections()}))
`

const readFolders = `
import json, sys
from fail2ban.client.configreader import ConfigReader
def value(reader, section, option):
  try: return reader.get(section, option)
  except Exception: return None
def read(folder):
  reader = ConfigReader(share_config={}, basedir=folder)
  if not reader.read('jail'): return None
  return {s: {o: value(reader, s, o) for o in reader.options(s, withDefault=True)} for s in reader.sections()}
print(json.dumps([read(folder) for folder in json.load(sys.stdin)]))
`

const readTexts = `
import configparser, json, sys, io
out = []
for text in json.load(sys.stdin):
  parser = configparser.ConfigParser(interpolation=None, inline_comment_prefixes=';')
  try:
    parser.read_file(io.TextIOWrapper(io.BytesIO(text.encode('utf-8')), encoding='utf-8'))
    out.append({'DEFAULT': dict(parser._defaults), **{s: dict(parser._sections[s]) for s in parser.sections()}})
  except configparser.Error: out.append(None)
json.dump(out, sys.stdout)
`

const evaluateTexts = `
import json, sys, warnings
from fail2ban.server.mytime import MyTime
warnings.simplefilter('ignore')
def seconds(text):
  # powers of powers never end
  if text.count('**') > 2: return 'endless'
  try: value = MyTime.str2seconds(text)
  except Exception: return None
  try: int(value)
  except Exception: return None
  return float(value) if isinstance(value, (int, float)) and abs(value) < 1e18 else 'other'
print(json.dumps([seconds(text) for text in json.load(sys.stdin)]))
`

const splitTexts = `
import json, sys
from fail2ban.helpers import extractOptions, splitWithOptions
def read(text):
  try: return list(extractOptions(text.strip()))
  except ValueError: return None
print(json.dumps([[read(part) for part in splitWithOptions(text)] for text in json.load(sys.stdin)]))
`

/** The filters or actions that fail2ban finds in values, each with its parameters; null: it refuses that one. */
export const splitWithFail2ban = async (
  values: readonly string[],
): Promise<([string, Record<string, string>] | null)[][]> =>
  JSON.parse(await python(splitTexts, [], JSON.stringify(values)))

/** What fail2ban makes of texts of durations: seconds; null: it refuses them; a word for anything else. */
export const evaluateWithFail2ban = async (texts: readonly string[]): Promise<(number | string | null)[]> =>
  JSON.parse(await python(evaluateTexts, [], JSON.stringify(texts)))

/** Reads a folder with the reader of the fail2ban that is installed. */
export const readWithFail2ban = async (configDir: string): Promise<ReadByFail2ban> =>
  JSON.parse(await python(readFolder, [configDir], ''))

/** Reads many folders in one run, without what fail2ban adds to `[DEFAULT]`; null: it refuses the folder. */
export const readFoldersWithFail2ban = async (
  configDirs: readonly string[],
): Promise<(ReadByFail2ban | null)[]> => JSON.parse(await python(readFolders, [], JSON.stringify(configDirs)))

/** Reads texts with the parser that fail2ban uses, set up as it does; null: it refuses the text. */
export const parseWithPython = async (
  texts: readonly string[],
): Promise<(Record<string, Record<string, string>> | null)[]> =>
  JSON.parse(await python(readTexts, [], JSON.stringify(texts)))

function python(script: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 64 * 1024 * 1024, timeout: 200_000 }
    const child = execFile('/usr/bin/python3', ['-c', script, ...args], options, (error, stdout) => {
      if (error === null) resolve(stdout)
      else reject(error)
    })
    child.stdin?.end(input)
  })
}

/** A temporary folder with some files, removed at the end of the scope. */
export async function createFolder(files: Readonly<Record<string, string | Uint8Array>>) {
  const path = await mkdtemp(join(tmpdir(), 'bgt-'))
  const write = async (name: string, text: string | Uint8Array) => {
    await mkdir(dirname(join(path, name)), { recursive: true })
    await writeFile(join(path, name), text)
  }
  for (const [name, text] of Object.entries(files)) await write(name, text)
  return { path, write, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
