#compdef sinkgate

autoload -U is-at-least

_sinkgate() {
    typeset -A opt_args
    typeset -a _arguments_options
    local ret=1

    if is-at-least 5.2; then
        _arguments_options=(-s -S -C)
    else
        _arguments_options=(-s -C)
    fi

    local context curcontext="$curcontext" state line
    _arguments "${_arguments_options[@]}" : \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
":: :_sinkgate_commands" \
"*::: :->sinkgate" \
&& ret=0
    case $state in
    (sinkgate)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:sinkgate-command-$line[1]:"
        case $line[1] in
            (lab)
_arguments "${_arguments_options[@]}" : \
'--responses=[File with rules for answers of your own (responses.toml)]:FILE:_files' \
'--db=[Database to write; made if it is not there \[default\: a new one in the state folder\]]:FILE:_files' \
'*--database=[Carry everything to this database, too; may be repeated. mysql\://USER@HOST/DATABASE or postgres\://USER@HOST/DATABASE]:URL:_default' \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'()-i[Run a shell instead of a command]' \
'()--interactive[Run a shell instead of a command]' \
'(--json)-q[Print no summary at the end]' \
'(--json)--quiet[Print no summary at the end]' \
'--json[Print the summary as JSON]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::command -- The program and its arguments; without one, a shell:_default' \
&& ret=0
;;
(run)
_arguments "${_arguments_options[@]}" : \
'*-i+[Interface that victims are on; may be repeated]:IFACE:_default' \
'*--interface=[Interface that victims are on; may be repeated]:IFACE:_default' \
'*--listen=[Address and port to listen on; may be repeated \[default\: gateway.port on every address\]]:ADDR:PORT:_default' \
'(--down)*--database=[Carry everything to this database, too; may be repeated. mysql\://USER@HOST/DATABASE or postgres\://USER@HOST/DATABASE]:URL:_default' \
'(--down)--responses=[File with rules for answers of your own (responses.toml)]:FILE:_files' \
'--db=[Database to write; made if it is not there \[default\: /var/lib/sinkgate/sinkgate.db, without root gateway.db in the state folder\]]:FILE:_files' \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'(-i --interface --print-rules)--no-rules[Set no rules\: REDIRECT rules of your own bring the packets]' \
'--print-rules[Print the rules that would be set, and stop]' \
'(-i --interface --listen --no-rules --print-rules --db)--down[Remove what a crash or stop left in place, and stop]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
'-o+[With \`file\`\: where to write it; in a folder it is named by its hash; \`-\` is standard output]:PATH:_files' \
'--output=[With \`file\`\: where to write it; in a folder it is named by its hash; \`-\` is standard output]:PATH:_files' \
'--db=[Database to read \[default\: the one written to last\]]:FILE:_files' \
'--limit=[Show at most this many rows, the newest ones]:N:_default' \
'--run=[Only this run\: its id, or the beginning of it]:RUN:_default' \
'--flow=[Only this flow\: its id, or the beginning of it]:FLOW:_default' \
'--victim=[Only this victim'\''s address]:ADDRESS:_default' \
'--name=[Only what went to this name; \`*\` stands for any characters]:NAME:_default' \
'--port=[Only what was meant for this port]:PORT:_default' \
'--proto=[Only this protocol\: tcp, udp, icmp, or what was recognised, such as http]:PROTO:_default' \
'--since=[Only from then on\: 10m, 2h, 2026-11-24, 2026-11-24T09\:30\:00Z]:WHEN:_default' \
'--grep=[Only flows that carried these bytes\: text, or hex\:4d5a90]:BYTES:_default' \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'--json[One JSON object per line]' \
'--csv[Comma-separated values with a header (RFC 4180)]' \
'--text[Bytes as text, control codes made visible (for data)]' \
'--hex[Bytes as a hex dump (for data; the default there)]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':what -- What to show:((runs\:"Every analysis in the database"
files\:"Files taken from what was said\: uploads, attachments, bodies"
file\:"One of them, byte for byte"
flows\:"Whom victims called\: connections and conversations"
dns\:"What names they asked for, and what they were told"
data\:"What was said, byte for byte"
events\:"What was understood\: requests, broken rules, limits reached"
counters\:"Numbers that show whether everything accepted was recorded"
databases\:"Other databases that records are carried to, and how far they have come"))' \
'::hash -- With `file`\: its SHA-256, or as much of it as `show files` shows:_default' \
&& ret=0
;;
(watch)
_arguments "${_arguments_options[@]}" : \
'--db=[Database to follow \[default\: the one written to last\]]:FILE:_files' \
'--run=[Only this run\: its id, or the beginning of it]:RUN:_default' \
'--flow=[Only this flow\: its id, or the beginning of it]:FLOW:_default' \
'--victim=[Only this victim'\''s address]:ADDRESS:_default' \
'--name=[Only what went to this name; \`*\` stands for any characters]:NAME:_default' \
'--port=[Only what was meant for this port]:PORT:_default' \
'--proto=[Only this protocol\: tcp, udp, icmp, or what was recognised, such as http]:PROTO:_default' \
'--since=[Only from then on\: 10m, 2h, 2026-11-24, 2026-11-24T09\:30\:00Z]:WHEN:_default' \
'--grep=[Only flows that carried these bytes\: text, or hex\:4d5a90]:BYTES:_default' \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'--json[One JSON object per line]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(init-db)
_arguments "${_arguments_options[@]}" : \
'*--database=[Which database; may be repeated \[default\: those of the configuration\]]:URL:_default' \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'(--print)--reset[Remove our tables first, with every row in them]' \
'--yes[Do not ask before rows are removed]' \
'--print[Print the SQL that would be run in an empty database, and stop]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(ca)
_arguments "${_arguments_options[@]}" : \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'-h[Print help]' \
'--help[Print help]' \
":: :_sinkgate__subcmd__ca_commands" \
"*::: :->ca" \
&& ret=0

    case $state in
    (ca)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:sinkgate-ca-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(export)
_arguments "${_arguments_options[@]}" : \
'--form=[How it is written]:FORM:((pem\:"Text, as most programs on Linux want it"
der\:"Binary, as Windows and Android want it"))' \
'-o+[The file to write it to \[default\: standard output\]]:FILE:_files' \
'--output=[The file to write it to \[default\: standard output\]]:FILE:_files' \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_sinkgate__subcmd__ca__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:sinkgate-ca-help-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(export)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
;;
(persona)
_arguments "${_arguments_options[@]}" : \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'-h[Print help]' \
'--help[Print help]' \
":: :_sinkgate__subcmd__persona_commands" \
"*::: :->persona" \
&& ret=0

    case $state in
    (persona)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:sinkgate-persona-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(new)
_arguments "${_arguments_options[@]}" : \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_sinkgate__subcmd__persona__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:sinkgate-persona-help-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(new)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
;;
(config)
_arguments "${_arguments_options[@]}" : \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'-h[Print help]' \
'--help[Print help]' \
":: :_sinkgate__subcmd__config_commands" \
"*::: :->config" \
&& ret=0

    case $state in
    (config)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:sinkgate-config-command-$line[1]:"
        case $line[1] in
            (explain)
_arguments "${_arguments_options[@]}" : \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'-h[Print help]' \
'--help[Print help]' \
'::key -- The setting, such as dns.mode:_default' \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(path)
_arguments "${_arguments_options[@]}" : \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(test-response)
_arguments "${_arguments_options[@]}" : \
'--responses=[The file with the rules \[default\: responses.file\]]:FILE:_files' \
'--method=[Method of the HTTP request]:METHOD:_default' \
'*-H+[A field of the HTTP request, as \`NAME\: VALUE\`; may be repeated]:FIELD:_default' \
'*--header=[A field of the HTTP request, as \`NAME\: VALUE\`; may be repeated]:FIELD:_default' \
'--first=[What the victim sends first\: text, or hex\:4d5a90]:BYTES:_default' \
'--victim=[Who asks]:ADDRESS:_default' \
'--address=[The address of HOST, if that is a name]:ADDRESS:_default' \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'-h[Print help]' \
'--help[Print help]' \
':target -- What a victim asks for\: http\://HOST/PATH, https\://…, tcp\://HOST\:PORT or udp\://HOST\:PORT:_default' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_sinkgate__subcmd__config__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:sinkgate-config-help-command-$line[1]:"
        case $line[1] in
            (explain)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(path)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(test-response)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
;;
(completions)
_arguments "${_arguments_options[@]}" : \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'-h[Print help]' \
'--help[Print help]' \
':shell -- Which shell:(bash elvish fish powershell zsh)' \
&& ret=0
;;
(generate)
_arguments "${_arguments_options[@]}" : \
'--config=[Configuration file \[default\: ~/.config/sinkgate/sinkgate.toml, /etc/sinkgate/sinkgate.toml\]]:FILE:_files' \
'*--set=[Set one setting for this time; \`sinkgate config explain\` lists them]:KEY=VALUE:_default' \
'--log-level=[Least important line of our own log\: error, warn, info, debug, trace]:LEVEL:_default' \
'--log-format=[How a log line is written\: kv, json]:FORMAT:_default' \
'-h[Print help]' \
'--help[Print help]' \
':folder -- The folder\: the root of the project, or a copy of its layout:_files' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_sinkgate__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:sinkgate-help-command-$line[1]:"
        case $line[1] in
            (lab)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(run)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(watch)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(init-db)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(ca)
_arguments "${_arguments_options[@]}" : \
":: :_sinkgate__subcmd__help__subcmd__ca_commands" \
"*::: :->ca" \
&& ret=0

    case $state in
    (ca)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:sinkgate-help-ca-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(export)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(persona)
_arguments "${_arguments_options[@]}" : \
":: :_sinkgate__subcmd__help__subcmd__persona_commands" \
"*::: :->persona" \
&& ret=0

    case $state in
    (persona)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:sinkgate-help-persona-command-$line[1]:"
        case $line[1] in
            (show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(new)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(config)
_arguments "${_arguments_options[@]}" : \
":: :_sinkgate__subcmd__help__subcmd__config_commands" \
"*::: :->config" \
&& ret=0

    case $state in
    (config)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:sinkgate-help-config-command-$line[1]:"
        case $line[1] in
            (explain)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(path)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(test-response)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(completions)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(generate)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
}

(( $+functions[_sinkgate_commands] )) ||
_sinkgate_commands() {
    local commands; commands=(
'lab:Run one program in a network whose only way out is the sinkhole' \
'run:Be the gateway of a real or virtual network' \
'show:Show what was recorded' \
'watch:Show what happens, as it happens' \
'init-db:Make the tables in another database, or bring them up to date' \
'ca:The lab'\''s certificate authority, which signs a certificate for every name' \
'persona:Who this installation pretends to be, for every protocol' \
'config:Explain settings, and show which hold' \
'completions:Print a completion script for your shell' \
'generate:Write the generated pages, man pages and completions into a folder' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'sinkgate commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__ca_commands] )) ||
_sinkgate__subcmd__ca_commands() {
    local commands; commands=(
'show:Show whose it is, until when it holds, its fingerprints and where it is kept' \
'export:Write its certificate, for a machine that shall trust it' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'sinkgate ca commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__ca__subcmd__export_commands] )) ||
_sinkgate__subcmd__ca__subcmd__export_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate ca export commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__ca__subcmd__help_commands] )) ||
_sinkgate__subcmd__ca__subcmd__help_commands() {
    local commands; commands=(
'show:Show whose it is, until when it holds, its fingerprints and where it is kept' \
'export:Write its certificate, for a machine that shall trust it' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'sinkgate ca help commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__ca__subcmd__help__subcmd__export_commands] )) ||
_sinkgate__subcmd__ca__subcmd__help__subcmd__export_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate ca help export commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__ca__subcmd__help__subcmd__help_commands] )) ||
_sinkgate__subcmd__ca__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate ca help help commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__ca__subcmd__help__subcmd__show_commands] )) ||
_sinkgate__subcmd__ca__subcmd__help__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate ca help show commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__ca__subcmd__show_commands] )) ||
_sinkgate__subcmd__ca__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate ca show commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__completions_commands] )) ||
_sinkgate__subcmd__completions_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate completions commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__config_commands] )) ||
_sinkgate__subcmd__config_commands() {
    local commands; commands=(
'explain:Explain one setting, or list them all' \
'show:Print the configuration that holds, each value with where it was written' \
'path:Print which configuration file is used' \
'test-response:Say which rule of responses.toml a request or a connection would meet' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'sinkgate config commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__config__subcmd__explain_commands] )) ||
_sinkgate__subcmd__config__subcmd__explain_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate config explain commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__config__subcmd__help_commands] )) ||
_sinkgate__subcmd__config__subcmd__help_commands() {
    local commands; commands=(
'explain:Explain one setting, or list them all' \
'show:Print the configuration that holds, each value with where it was written' \
'path:Print which configuration file is used' \
'test-response:Say which rule of responses.toml a request or a connection would meet' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'sinkgate config help commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__config__subcmd__help__subcmd__explain_commands] )) ||
_sinkgate__subcmd__config__subcmd__help__subcmd__explain_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate config help explain commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__config__subcmd__help__subcmd__help_commands] )) ||
_sinkgate__subcmd__config__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate config help help commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__config__subcmd__help__subcmd__path_commands] )) ||
_sinkgate__subcmd__config__subcmd__help__subcmd__path_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate config help path commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__config__subcmd__help__subcmd__show_commands] )) ||
_sinkgate__subcmd__config__subcmd__help__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate config help show commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__config__subcmd__help__subcmd__test-response_commands] )) ||
_sinkgate__subcmd__config__subcmd__help__subcmd__test-response_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate config help test-response commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__config__subcmd__path_commands] )) ||
_sinkgate__subcmd__config__subcmd__path_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate config path commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__config__subcmd__show_commands] )) ||
_sinkgate__subcmd__config__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate config show commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__config__subcmd__test-response_commands] )) ||
_sinkgate__subcmd__config__subcmd__test-response_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate config test-response commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__generate_commands] )) ||
_sinkgate__subcmd__generate_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate generate commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help_commands] )) ||
_sinkgate__subcmd__help_commands() {
    local commands; commands=(
'lab:Run one program in a network whose only way out is the sinkhole' \
'run:Be the gateway of a real or virtual network' \
'show:Show what was recorded' \
'watch:Show what happens, as it happens' \
'init-db:Make the tables in another database, or bring them up to date' \
'ca:The lab'\''s certificate authority, which signs a certificate for every name' \
'persona:Who this installation pretends to be, for every protocol' \
'config:Explain settings, and show which hold' \
'completions:Print a completion script for your shell' \
'generate:Write the generated pages, man pages and completions into a folder' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'sinkgate help commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__ca_commands] )) ||
_sinkgate__subcmd__help__subcmd__ca_commands() {
    local commands; commands=(
'show:Show whose it is, until when it holds, its fingerprints and where it is kept' \
'export:Write its certificate, for a machine that shall trust it' \
    )
    _describe -t commands 'sinkgate help ca commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__ca__subcmd__export_commands] )) ||
_sinkgate__subcmd__help__subcmd__ca__subcmd__export_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate help ca export commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__ca__subcmd__show_commands] )) ||
_sinkgate__subcmd__help__subcmd__ca__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate help ca show commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__completions_commands] )) ||
_sinkgate__subcmd__help__subcmd__completions_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate help completions commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__config_commands] )) ||
_sinkgate__subcmd__help__subcmd__config_commands() {
    local commands; commands=(
'explain:Explain one setting, or list them all' \
'show:Print the configuration that holds, each value with where it was written' \
'path:Print which configuration file is used' \
'test-response:Say which rule of responses.toml a request or a connection would meet' \
    )
    _describe -t commands 'sinkgate help config commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__config__subcmd__explain_commands] )) ||
_sinkgate__subcmd__help__subcmd__config__subcmd__explain_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate help config explain commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__config__subcmd__path_commands] )) ||
_sinkgate__subcmd__help__subcmd__config__subcmd__path_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate help config path commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__config__subcmd__show_commands] )) ||
_sinkgate__subcmd__help__subcmd__config__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate help config show commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__config__subcmd__test-response_commands] )) ||
_sinkgate__subcmd__help__subcmd__config__subcmd__test-response_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate help config test-response commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__generate_commands] )) ||
_sinkgate__subcmd__help__subcmd__generate_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate help generate commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__help_commands] )) ||
_sinkgate__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate help help commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__init-db_commands] )) ||
_sinkgate__subcmd__help__subcmd__init-db_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate help init-db commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__lab_commands] )) ||
_sinkgate__subcmd__help__subcmd__lab_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate help lab commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__persona_commands] )) ||
_sinkgate__subcmd__help__subcmd__persona_commands() {
    local commands; commands=(
'show:Show its names, its servers and what they are built for' \
'new:Become somebody else\: a new seed and a new authority; the old ones are put aside' \
    )
    _describe -t commands 'sinkgate help persona commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__persona__subcmd__new_commands] )) ||
_sinkgate__subcmd__help__subcmd__persona__subcmd__new_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate help persona new commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__persona__subcmd__show_commands] )) ||
_sinkgate__subcmd__help__subcmd__persona__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate help persona show commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__run_commands] )) ||
_sinkgate__subcmd__help__subcmd__run_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate help run commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__show_commands] )) ||
_sinkgate__subcmd__help__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate help show commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__help__subcmd__watch_commands] )) ||
_sinkgate__subcmd__help__subcmd__watch_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate help watch commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__init-db_commands] )) ||
_sinkgate__subcmd__init-db_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate init-db commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__lab_commands] )) ||
_sinkgate__subcmd__lab_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate lab commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__persona_commands] )) ||
_sinkgate__subcmd__persona_commands() {
    local commands; commands=(
'show:Show its names, its servers and what they are built for' \
'new:Become somebody else\: a new seed and a new authority; the old ones are put aside' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'sinkgate persona commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__persona__subcmd__help_commands] )) ||
_sinkgate__subcmd__persona__subcmd__help_commands() {
    local commands; commands=(
'show:Show its names, its servers and what they are built for' \
'new:Become somebody else\: a new seed and a new authority; the old ones are put aside' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'sinkgate persona help commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__persona__subcmd__help__subcmd__help_commands] )) ||
_sinkgate__subcmd__persona__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate persona help help commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__persona__subcmd__help__subcmd__new_commands] )) ||
_sinkgate__subcmd__persona__subcmd__help__subcmd__new_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate persona help new commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__persona__subcmd__help__subcmd__show_commands] )) ||
_sinkgate__subcmd__persona__subcmd__help__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate persona help show commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__persona__subcmd__new_commands] )) ||
_sinkgate__subcmd__persona__subcmd__new_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate persona new commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__persona__subcmd__show_commands] )) ||
_sinkgate__subcmd__persona__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate persona show commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__run_commands] )) ||
_sinkgate__subcmd__run_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate run commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__show_commands] )) ||
_sinkgate__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate show commands' commands "$@"
}
(( $+functions[_sinkgate__subcmd__watch_commands] )) ||
_sinkgate__subcmd__watch_commands() {
    local commands; commands=()
    _describe -t commands 'sinkgate watch commands' commands "$@"
}

if [ "$funcstack[1]" = "_sinkgate" ]; then
    _sinkgate "$@"
else
    compdef _sinkgate sinkgate
fi
