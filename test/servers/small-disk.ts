import { execFileSync } from 'node:child_process'

/**
 * A command that runs a program with a small disk of its own in a folder; where the system does not let us
 * mount one, a program whose files may not grow past a size.
 */
export function smallDisk(folder: string, megabytes: number): readonly string[] {
  const mount = `mount -t tmpfs -o size=${megabytes}m tmpfs "${folder}" && exec "$@"`
  try {
    execFileSync('unshare', ['-rm', 'sh', '-c', mount, 'sh', 'true'], { stdio: 'ignore' })
    return ['unshare', '-rm', 'sh', '-c', mount, 'sh']
  } catch {
    return ['bash', '-c', `ulimit -f ${megabytes * 1024} && exec "$@"`, 'bash']
  }
}
