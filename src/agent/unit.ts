/** What the service of the agent needs to know. */
export interface Unit {
  /** Absolute paths. */
  readonly node: string
  readonly program: string
  readonly config: string
  readonly state: string
  readonly user: string
}

/**
 * The systemd unit of the agent. It may read its file and the database, write its state folder, and connect out;
 * nothing else. It gives way to everything else on the machine.
 */
export function unitText({ node, program, config, state, user }: Unit): string {
  return `[Unit]
Description=Tributary agent: sends records from the local database to the node
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
ExecStart=${quoted(node)} ${quoted(program)} agent run --config ${quoted(config)}
User=${user}
Group=${user}
Restart=always
RestartSec=10
TimeoutStopSec=30
UMask=0077
${state === '/var/lib/tributary-agent' ? 'StateDirectory=tributary-agent\nStateDirectoryMode=0700' : `ReadWritePaths=${quoted(state)}`}

# It gives way to the database and to people.
Nice=10
IOSchedulingClass=idle
CPUWeight=20
MemoryHigh=384M
MemoryMax=512M
TasksMax=64

# It needs no more than this.
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`
}

/** systemd splits at blanks and expands `%`. */
function quoted(path: string): string {
  const text = path.replaceAll('%', '%%')
  return /[\s"'\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text
}
