import { spawn } from 'node:child_process'

/** What xmllint has against a document under a schema; empty where it fits. */
export function schemaErrors(schemaFile: string, document: string): Promise<string> {
  const child = spawn('xmllint', ['--nonet', '--noout', '--schema', schemaFile, '-'], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let told = ''
  child.stderr.on('data', (text: Buffer) => {
    told += text.toString()
  })
  child.stdin.end(document)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code === 0 ? '' : told || `xmllint ended with ${code}`))
  })
}
