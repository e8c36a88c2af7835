import type { FileTree } from '../../store/file-tree.ts'
import type { Intake } from '../../store/intakes.ts'
import type { SealOpener } from '../../unpack/pgp.ts'
import type { RunDeps } from '../deps.ts'

/** What tells which files of a tree are still being sent, or were when their connection broke. */
export interface Uploads {
  /** Counts for files that were there before it was asked for. */
  incomplete(): Promise<{ has(path: string): boolean }>
}

/** A tree that a partner's files are picked up from. */
export interface PartnerTree {
  readonly partner: string
  /** '' is the partner's own tree of the file server. */
  readonly place: string
  readonly files: FileTree
  /** False: it was stopped, and only what was taken before goes on. */
  readonly takes: boolean
  /** Null for a place, where only standing still tells that a file is complete. */
  readonly uploads: Uploads | null
}

/** The trees of this node. The same tree is the same object, whenever it is asked for. */
export interface Trees {
  list(): Promise<readonly PartnerTree[]>
  find(partner: string, place: string): Promise<PartnerTree | null>
  /** A tree was looked at, or could not be. */
  seen(tree: PartnerTree, error: string | null): Promise<void>
}

export interface IntakeDeps extends RunDeps {
  /** Opens files under OpenPGP. */
  readonly opener: SealOpener
  /** Folder for what is opened or fetched, private to this node. */
  readonly spool: string
  readonly documentBytesMax: number
  /** Signs the claims of a receipt: a compact JWS. */
  readonly sign: (claims: object) => Promise<string>
  /** Submissions were queued. */
  readonly queued: () => void
}

/** An intake of files with the tree they lie in. */
export interface TreeIntake {
  readonly intake: Intake
  readonly tree: PartnerTree
  /**
   * What lay in the tree when this process came to it has had its time to stand still. No gathering ends before: a
   * process that ended may have taken a file and left one that comes before it.
   */
  readonly settled: boolean
}
