import type { Who } from '../../identity/who.ts'
import type { IntakeFile, IntakeFileState } from '../../store/intake-files.ts'
import type { IntakeTotals } from '../../store/intake-totals.ts'
import type { Intake, IntakeReport, IntakeState } from '../../store/intakes.ts'
import type { MailQueue } from '../../store/mails.ts'
import type { Realm } from '../../store/model.ts'
import type { Place } from '../../store/places.ts'
import type { StoredTransfer } from '../../store/transfers.ts'
import type { Download, Page } from './ports.ts'

/** Files picked up together, how far they are and what came of them. */
export interface IntakeView extends Intake, IntakeTotals {}

export interface IntakeListing {
  /** Null: all. */
  readonly partners: readonly string[] | null
  readonly exchange: string | null
  readonly realm: Realm | null
  readonly state: IntakeState | null
  readonly limit: number
  readonly after: string | null
}

/** What a person says about one file. */
export interface FileDecision {
  readonly by: Who
  readonly file: string
  /** Why, in the person's words; '' when none was given. */
  readonly reason: string
}

/** What lies in a folder of a partner's tree. Times are ISO texts in UTC. */
export interface TreeEntry {
  readonly name: string
  readonly kind: 'folder' | 'file'
  /** Null for a folder. */
  readonly bytes: number | null
  readonly modifiedAt: string | null
  /** An upload that is still going on, or broke off. */
  readonly incomplete: boolean
}

/** Whose tree, where in it, and who asks from where. */
export interface TreePlace {
  readonly by: Who
  /** Of the request, for the transfer log. */
  readonly address: string
  readonly partner: string
  /** As the partner sees it: `/PROD/INPUT/a.json`. */
  readonly path: string
}

export interface TransferListing {
  /** Null: everybody's. */
  readonly partner: string | null
  /** ISO; from this moment on, and before this one. */
  readonly from: string | null
  readonly before: string | null
}

/** Files in the input folders of one mailbox that were not picked up yet. */
export interface WaitingMailbox {
  readonly partner: string
  readonly exchange: string
  readonly realm: Realm
  /** '' is the partner's own tree. */
  readonly place: string
  /** Null when the folder could not be looked at in time. */
  readonly files: number | null
  /** There are more: counting ended. */
  readonly more: boolean
  /** When the oldest of those counted was last written to. */
  readonly oldest: string | null
}

export interface BulkStatus {
  /** When this node last looked at all trees; null when it did not yet. */
  readonly lastScanAt: string | null
  /** Intakes that are not done, and the files in them, by state. */
  readonly intakes: Readonly<Record<string, number>>
  readonly files: Readonly<Record<string, number>>
  /** Open intakes that do not get on. */
  readonly troubles: readonly Pick<Intake, 'intake' | 'partner' | 'exchange' | 'state' | 'lastError'>[]
  readonly waiting: readonly WaitingMailbox[]
  readonly places: readonly Pick<Place, 'place' | 'partner' | 'active' | 'seenAt' | 'lastError'>[]
  readonly mail: MailQueue
}

/** A key of the file server, by its public part. */
export interface ServerKey {
  /** As SSH names it: `ssh-ed25519`. */
  readonly kind: string
  /** `SHA256:…` */
  readonly fingerprint: string
  /** One line: kind and base64. */
  readonly publicKey: string
}

/** Where clients find the file server. */
export interface FileServer {
  readonly host: string
  readonly port: number
  /** Of its keys, as clients show them at the first visit: `SHA256:…`. */
  readonly fingerprints: readonly string[]
  /** Those keys. */
  readonly keys: readonly ServerKey[]
}

/** What came by files and what was sent back, for senders and operators. Every call is already authorised. */
export interface BulkPorts {
  readonly intakes: {
    /** Newest first. Throws BAD_REQUEST for an `after` that is none of ours. */
    list(query: IntakeListing): Promise<Page<IntakeView>>
    find(intake: string): Promise<IntakeView | null>
    /** In order of name. */
    files(
      intake: string,
      query: { state: IntakeFileState | null; limit: number; after: string | null },
    ): Promise<Page<IntakeFile>>
    reports(intake: string): Promise<readonly IntakeReport[]>
    /** Throws NOT_FOUND. */
    report(intake: string, name: string): Promise<Download>
    file(file: string): Promise<IntakeFile | null>
    /** Has the original picked up once more. Throws NOT_FOUND, NOT_ALLOWED_NOW, as do the others. */
    rerun(decision: FileDecision): Promise<IntakeFile>
    hold(decision: FileDecision): Promise<IntakeFile>
    release(decision: FileDecision): Promise<IntakeFile>
    discard(decision: FileDecision): Promise<IntakeFile>
  }
  /** A partner's own tree, by the rules of the file server. Each throws NOT_FOUND for a path that leads nowhere. */
  readonly tree: {
    /** Folders first, then files in order of name. */
    list(place: TreePlace, query: { limit: number; after: string | null }): Promise<Page<TreeEntry>>
    get(place: TreePlace): Promise<Download>
    /** Puts a file into an input folder, whole or not at all. Throws BAD_REQUEST, NOT_ALLOWED, TOO_LARGE, DISK_FULL. */
    put(place: TreePlace, bytes: AsyncIterable<Uint8Array>): Promise<TreeEntry>
    /** Throws NOT_ALLOWED in an archive folder. */
    remove(place: TreePlace): Promise<void>
  }
  readonly transfers: {
    /** Newest first. */
    list(query: TransferListing & { limit: number; after: string | null }): Promise<Page<StoredTransfer>>
    /** All lines, oldest first, as CSV with a header. */
    csv(query: TransferListing): Download
  }
  status(): Promise<BulkStatus>
  /** Null: this node has no file server. */
  fileServer(): FileServer | null
}
