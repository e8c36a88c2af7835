/** A file in a folder of a partner's tree. */
export interface TreeFile {
  readonly name: string
  readonly bytes: number
  /** Milliseconds since 1970. */
  readonly modifiedAt: number
}

/** A file that was taken: nobody but the node sees it any more. */
export interface TakenFile extends TreeFile {
  /** Identity of this upload, made when it was taken. */
  readonly file: string
  /** Where it lay, as a path from the top of the tree. */
  readonly folder: string
  readonly takenAt: number
}

/**
 * Where a partner's files lie: its own tree of the file server, a folder, or a bucket. Folders are paths from the
 * top of the tree, joined by `/`; names are single names. Every call can be repeated after a crash.
 */
export interface FileTree {
  /** Makes folders that are missing. */
  prepare(folders: readonly string[]): Promise<void>
  /** The files of a folder, without folders and hidden names; none when the folder is missing. */
  list(folder: string): AsyncIterable<TreeFile>
  /** Takes a file away from its folder, as one step; null when it is not there any more. */
  take(folder: string, name: string, file: string, now: number): Promise<TakenFile | null>
  /** What was taken and is neither archived nor dropped yet, the half-taken set right first. */
  taken(): Promise<readonly TakenFile[]>
  /** The bytes of a taken file. */
  read(file: string): AsyncIterable<Uint8Array>
  /** Path on this machine of a taken file, when it has one. */
  pathOf(file: string): string | null
  /** Moves a taken file into a folder, under a name that is free there; gives that name. */
  archive(file: string, folder: string, name: string): Promise<string>
  /** Puts a file into a folder, whole or not at all; one of the same name is replaced. */
  put(folder: string, name: string, bytes: AsyncIterable<Uint8Array>): Promise<void>
  /** A file's bytes; null when it is not there. */
  get(folder: string, name: string): Promise<AsyncIterable<Uint8Array> | null>
  /** Removes a file; nothing happens when it is not there. */
  remove(folder: string, name: string): Promise<void>
}
