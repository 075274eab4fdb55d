# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_sinkgate_global_optspecs
    string join \n config= set= log-level= log-format= h/help V/version
end

function __fish_sinkgate_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_sinkgate_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_sinkgate_using_subcommand
    set -l cmd (__fish_sinkgate_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c sinkgate -n "__fish_sinkgate_needs_command" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_needs_command" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_needs_command" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_needs_command" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c sinkgate -n "__fish_sinkgate_needs_command" -s V -l version -d 'Print version'
complete -c sinkgate -n "__fish_sinkgate_needs_command" -f -a "lab" -d 'Run one program in a network whose only way out is the sinkhole'
complete -c sinkgate -n "__fish_sinkgate_needs_command" -f -a "run" -d 'Be the gateway of a real or virtual network'
complete -c sinkgate -n "__fish_sinkgate_needs_command" -f -a "show" -d 'Show what was recorded'
complete -c sinkgate -n "__fish_sinkgate_needs_command" -f -a "watch" -d 'Show what happens, as it happens'
complete -c sinkgate -n "__fish_sinkgate_needs_command" -f -a "init-db" -d 'Make the tables in another database, or bring them up to date'
complete -c sinkgate -n "__fish_sinkgate_needs_command" -f -a "ca" -d 'The lab\'s certificate authority, which signs a certificate for every name'
complete -c sinkgate -n "__fish_sinkgate_needs_command" -f -a "persona" -d 'Who this installation pretends to be, for every protocol'
complete -c sinkgate -n "__fish_sinkgate_needs_command" -f -a "config" -d 'Explain settings, and show which hold'
complete -c sinkgate -n "__fish_sinkgate_needs_command" -f -a "completions" -d 'Print a completion script for your shell'
complete -c sinkgate -n "__fish_sinkgate_needs_command" -f -a "generate" -d 'Write the generated pages, man pages and completions into a folder'
complete -c sinkgate -n "__fish_sinkgate_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand lab" -l responses -d 'File with rules for answers of your own (responses.toml)' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand lab" -l db -d 'Database to write; made if it is not there [default: a new one in the state folder]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand lab" -l database -d 'Carry everything to this database, too; may be repeated. mysql://USER@HOST/DATABASE or postgres://USER@HOST/DATABASE' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand lab" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand lab" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand lab" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand lab" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand lab" -s i -l interactive -d 'Run a shell instead of a command'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand lab" -s q -l quiet -d 'Print no summary at the end'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand lab" -l json -d 'Print the summary as JSON'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand lab" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand run" -s i -l interface -d 'Interface that victims are on; may be repeated' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand run" -l listen -d 'Address and port to listen on; may be repeated [default: gateway.port on every address]' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand run" -l database -d 'Carry everything to this database, too; may be repeated. mysql://USER@HOST/DATABASE or postgres://USER@HOST/DATABASE' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand run" -l responses -d 'File with rules for answers of your own (responses.toml)' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand run" -l db -d 'Database to write; made if it is not there [default: /var/lib/sinkgate/sinkgate.db, without root gateway.db in the state folder]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand run" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand run" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand run" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand run" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand run" -l no-rules -d 'Set no rules: REDIRECT rules of your own bring the packets'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand run" -l print-rules -d 'Print the rules that would be set, and stop'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand run" -l down -d 'Remove what a crash or stop left in place, and stop'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -s o -l output -d 'With `file`: where to write it; in a folder it is named by its hash; `-` is standard output' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l db -d 'Database to read [default: the one written to last]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l limit -d 'Show at most this many rows, the newest ones' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l run -d 'Only this run: its id, or the beginning of it' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l flow -d 'Only this flow: its id, or the beginning of it' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l victim -d 'Only this victim\'s address' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l name -d 'Only what went to this name; `*` stands for any characters' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l port -d 'Only what was meant for this port' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l proto -d 'Only this protocol: tcp, udp, icmp, or what was recognised, such as http' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l since -d 'Only from then on: 10m, 2h, 2026-11-24, 2026-11-24T09:30:00Z' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l grep -d 'Only flows that carried these bytes: text, or hex:4d5a90' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l json -d 'One JSON object per line'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l csv -d 'Comma-separated values with a header (RFC 4180)'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l text -d 'Bytes as text, control codes made visible (for data)'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -l hex -d 'Bytes as a hex dump (for data; the default there)'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand watch" -l db -d 'Database to follow [default: the one written to last]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand watch" -l run -d 'Only this run: its id, or the beginning of it' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand watch" -l flow -d 'Only this flow: its id, or the beginning of it' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand watch" -l victim -d 'Only this victim\'s address' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand watch" -l name -d 'Only what went to this name; `*` stands for any characters' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand watch" -l port -d 'Only what was meant for this port' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand watch" -l proto -d 'Only this protocol: tcp, udp, icmp, or what was recognised, such as http' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand watch" -l since -d 'Only from then on: 10m, 2h, 2026-11-24, 2026-11-24T09:30:00Z' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand watch" -l grep -d 'Only flows that carried these bytes: text, or hex:4d5a90' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand watch" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand watch" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand watch" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand watch" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand watch" -l json -d 'One JSON object per line'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand init-db" -l database -d 'Which database; may be repeated [default: those of the configuration]' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand init-db" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand init-db" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand init-db" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand init-db" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand init-db" -l reset -d 'Remove our tables first, with every row in them'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand init-db" -l yes -d 'Do not ask before rows are removed'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand init-db" -l print -d 'Print the SQL that would be run in an empty database, and stop'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand init-db" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and not __fish_seen_subcommand_from show export help" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and not __fish_seen_subcommand_from show export help" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and not __fish_seen_subcommand_from show export help" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and not __fish_seen_subcommand_from show export help" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and not __fish_seen_subcommand_from show export help" -s h -l help -d 'Print help'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and not __fish_seen_subcommand_from show export help" -f -a "show" -d 'Show whose it is, until when it holds, its fingerprints and where it is kept'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and not __fish_seen_subcommand_from show export help" -f -a "export" -d 'Write its certificate, for a machine that shall trust it'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and not __fish_seen_subcommand_from show export help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and __fish_seen_subcommand_from show" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and __fish_seen_subcommand_from show" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and __fish_seen_subcommand_from show" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and __fish_seen_subcommand_from show" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and __fish_seen_subcommand_from export" -l form -d 'How it is written' -r -f -a "pem\t'Text, as most programs on Linux want it'
der\t'Binary, as Windows and Android want it'"
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and __fish_seen_subcommand_from export" -s o -l output -d 'The file to write it to [default: standard output]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and __fish_seen_subcommand_from export" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and __fish_seen_subcommand_from export" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and __fish_seen_subcommand_from export" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and __fish_seen_subcommand_from export" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show whose it is, until when it holds, its fingerprints and where it is kept'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "export" -d 'Write its certificate, for a machine that shall trust it'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and not __fish_seen_subcommand_from show new help" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and not __fish_seen_subcommand_from show new help" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and not __fish_seen_subcommand_from show new help" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and not __fish_seen_subcommand_from show new help" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and not __fish_seen_subcommand_from show new help" -s h -l help -d 'Print help'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and not __fish_seen_subcommand_from show new help" -f -a "show" -d 'Show its names, its servers and what they are built for'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and not __fish_seen_subcommand_from show new help" -f -a "new" -d 'Become somebody else: a new seed and a new authority; the old ones are put aside'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and not __fish_seen_subcommand_from show new help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and __fish_seen_subcommand_from show" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and __fish_seen_subcommand_from show" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and __fish_seen_subcommand_from show" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and __fish_seen_subcommand_from show" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and __fish_seen_subcommand_from new" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and __fish_seen_subcommand_from new" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and __fish_seen_subcommand_from new" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and __fish_seen_subcommand_from new" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show its names, its servers and what they are built for'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and __fish_seen_subcommand_from help" -f -a "new" -d 'Become somebody else: a new seed and a new authority; the old ones are put aside'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand persona; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and not __fish_seen_subcommand_from explain show path test-response help" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and not __fish_seen_subcommand_from explain show path test-response help" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and not __fish_seen_subcommand_from explain show path test-response help" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and not __fish_seen_subcommand_from explain show path test-response help" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and not __fish_seen_subcommand_from explain show path test-response help" -s h -l help -d 'Print help'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and not __fish_seen_subcommand_from explain show path test-response help" -f -a "explain" -d 'Explain one setting, or list them all'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and not __fish_seen_subcommand_from explain show path test-response help" -f -a "show" -d 'Print the configuration that holds, each value with where it was written'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and not __fish_seen_subcommand_from explain show path test-response help" -f -a "path" -d 'Print which configuration file is used'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and not __fish_seen_subcommand_from explain show path test-response help" -f -a "test-response" -d 'Say which rule of responses.toml a request or a connection would meet'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and not __fish_seen_subcommand_from explain show path test-response help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from explain" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from explain" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from explain" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from explain" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from explain" -s h -l help -d 'Print help'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from show" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from show" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from show" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from path" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from path" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from path" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from path" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from test-response" -l responses -d 'The file with the rules [default: responses.file]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from test-response" -l method -d 'Method of the HTTP request' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from test-response" -s H -l header -d 'A field of the HTTP request, as `NAME: VALUE`; may be repeated' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from test-response" -l first -d 'What the victim sends first: text, or hex:4d5a90' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from test-response" -l victim -d 'Who asks' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from test-response" -l address -d 'The address of HOST, if that is a name' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from test-response" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from test-response" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from test-response" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from test-response" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from test-response" -s h -l help -d 'Print help'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "explain" -d 'Explain one setting, or list them all'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "show" -d 'Print the configuration that holds, each value with where it was written'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "path" -d 'Print which configuration file is used'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "test-response" -d 'Say which rule of responses.toml a request or a connection would meet'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand completions" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand completions" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand completions" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand completions" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand completions" -s h -l help -d 'Print help'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand generate" -l config -d 'Configuration file [default: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml]' -r -F
complete -c sinkgate -n "__fish_sinkgate_using_subcommand generate" -l set -d 'Set one setting for this time; `sinkgate config explain` lists them' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand generate" -l log-level -d 'Least important line of our own log: error, warn, info, debug, trace' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand generate" -l log-format -d 'How a log line is written: kv, json' -r
complete -c sinkgate -n "__fish_sinkgate_using_subcommand generate" -s h -l help -d 'Print help'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and not __fish_seen_subcommand_from lab run show watch init-db ca persona config completions generate help" -f -a "lab" -d 'Run one program in a network whose only way out is the sinkhole'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and not __fish_seen_subcommand_from lab run show watch init-db ca persona config completions generate help" -f -a "run" -d 'Be the gateway of a real or virtual network'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and not __fish_seen_subcommand_from lab run show watch init-db ca persona config completions generate help" -f -a "show" -d 'Show what was recorded'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and not __fish_seen_subcommand_from lab run show watch init-db ca persona config completions generate help" -f -a "watch" -d 'Show what happens, as it happens'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and not __fish_seen_subcommand_from lab run show watch init-db ca persona config completions generate help" -f -a "init-db" -d 'Make the tables in another database, or bring them up to date'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and not __fish_seen_subcommand_from lab run show watch init-db ca persona config completions generate help" -f -a "ca" -d 'The lab\'s certificate authority, which signs a certificate for every name'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and not __fish_seen_subcommand_from lab run show watch init-db ca persona config completions generate help" -f -a "persona" -d 'Who this installation pretends to be, for every protocol'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and not __fish_seen_subcommand_from lab run show watch init-db ca persona config completions generate help" -f -a "config" -d 'Explain settings, and show which hold'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and not __fish_seen_subcommand_from lab run show watch init-db ca persona config completions generate help" -f -a "completions" -d 'Print a completion script for your shell'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and not __fish_seen_subcommand_from lab run show watch init-db ca persona config completions generate help" -f -a "generate" -d 'Write the generated pages, man pages and completions into a folder'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and not __fish_seen_subcommand_from lab run show watch init-db ca persona config completions generate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "show" -d 'Show whose it is, until when it holds, its fingerprints and where it is kept'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "export" -d 'Write its certificate, for a machine that shall trust it'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and __fish_seen_subcommand_from persona" -f -a "show" -d 'Show its names, its servers and what they are built for'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and __fish_seen_subcommand_from persona" -f -a "new" -d 'Become somebody else: a new seed and a new authority; the old ones are put aside'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "explain" -d 'Explain one setting, or list them all'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Print the configuration that holds, each value with where it was written'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "path" -d 'Print which configuration file is used'
complete -c sinkgate -n "__fish_sinkgate_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "test-response" -d 'Say which rule of responses.toml a request or a connection would meet'
