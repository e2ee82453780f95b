#!/usr/bin/env bash
# Builds the image, or starts one that was built and looks whether it keeps its promises.
#
#   deploy/build-image.sh [ARGUMENT...]    build; the arguments go to the builder, such as --build-arg or --secret
#   deploy/build-image.sh --check          start the image and look: read-only, without rights, ready, ends when told to
#
# ENGINE is docker, podman or buildah: the first that works unless it is set. buildah builds only; podman checks what it
# built, since both keep their images in one place. IMAGE is the name, plainsight:VERSION unless it is set.
# docs/deploying.md says more.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
image=${IMAGE:-plainsight:$version}
name=plainsight-check-$$
failed=0

first_that_works() {
    local one
    for one in ${ENGINE:-"$@"}; do
        if "$one" info >/dev/null 2>&1; then
            echo "$one"
            return
        fi
    done
    echo "None of these works here: ${ENGINE:-$*}." >&2
    return 1
}

build() {
    local with format=()
    with=$(first_that_works docker podman buildah)
    if [ "$with" != docker ]; then
        format=(--format docker) # the OCI format has no health check
    fi
    "$with" build "${format[@]}" --tag "$image" "$@" .
    echo "Built $image with $with."
}

# --- What is looked at. Each of these is true or false.

runs_without_rights() {
    [ "$(container -- id -u)" = 10001 ]
}

writes_where_it_may_only() {
    # shellcheck disable=SC2016  # it expands in the container
    [ "$(container -- sh -c 'for folder in / /opt/plainsight /etc /run /var/tmp /data /tmp; do
        (: >"$folder/x") 2>/dev/null && rm "$folder/x" && echo "$folder"; done' | xargs)" = "/data /tmp" ]
}

names_its_version() {
    [ "$(inspect_image '{{index .Config.Labels "org.opencontainers.image.version"}}')" = "$version" ]
}

refuses_to_listen_without_a_token() {
    local said
    if said=$(container -- plainsight serve 2>&1); then
        return 1
    fi
    [[ $said == *"plainsight token create"* ]]
}

gets_ready() {
    local left
    token=$(container -- plainsight token create check 2>/dev/null)
    "$run" run --detach --name "$name" "${confined[@]}" --publish 127.0.0.1::8080 "$image" >/dev/null
    url=http://$("$run" port "$name" 8080/tcp | head -n 1)
    for ((left = 60; left > 0; left--)); do
        if answers /readyz 200; then
            return
        fi
        sleep 1
    done
    return 1
}

is_alive() {
    answers /livez 200
}

is_guarded() {
    answers /metrics 401 && answers /metrics 200 --header "Authorization: Bearer $token"
}

finds_itself_well() {
    local health
    mapfile -t health < <(inspect_image '{{range .Config.Healthcheck.Test}}{{println .}}{{end}}' | sed '1d;/^$/d')
    "$run" exec "$name" "${health[@]}"
}

ends_when_told_to() {
    local before=$SECONDS
    "$run" stop --time 15 "$name" >/dev/null
    [ $((SECONDS - before)) -le 10 ] && [ "$("$run" inspect --format '{{.State.ExitCode}}' "$name")" = 0 ]
}

tells_of_no_refused_write() {
    local told
    told=$("$run" logs "$name" 2>&1)
    [[ $told == *serving* ]] && ! grep -qiE 'read-only file system|traceback' <<<"$told"
}

# --- What they are made of.

container() { # -- command...
    "$run" run --rm "${confined[@]}" "$image" "${@:2}"
}

inspect_image() {
    "$run" image inspect --format "$1" "$image"
}

answers() { # path, the status that is expected, more for curl
    local status
    status=$(curl --silent --noproxy '*' --max-time 5 --output /dev/null --write-out '%{http_code}' "${@:3}" "$url$1")
    [ "$status" = "$2" ]
}

clean_up() {
    "$run" rm --force --volumes "$name" >/dev/null 2>&1 || true
    "$run" volume rm "$name" >/dev/null 2>&1 || true
}

look() { # what is said of it, the function that knows
    if "$2"; then
        echo "ok     $1"
    else
        echo "WRONG  $1"
        failed=1
    fi
}

check() {
    run=$(first_that_works docker podman)
    # The health check is run by hand below: an engine's own timer would need half a minute for its first word.
    confined=(--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --no-healthcheck
        --volume "$name:/data")
    if [ "$run" = podman ]; then
        confined+=(--read-only-tmpfs=false) # or it makes more folders writable than Docker does
    fi
    trap clean_up EXIT
    "$run" volume create "$name" >/dev/null

    look "it runs as user 10001" runs_without_rights
    look "it can write to /data and /tmp, and nowhere else" writes_where_it_may_only
    look "its label says that it is version $version" names_its_version
    look "without a token it refuses to listen, and says how to make one" refuses_to_listen_without_a_token
    look "it migrates, starts and is ready" gets_ready
    look "it is alive" is_alive
    look "it tells metrics to who has a token, and to nobody else" is_guarded
    look "its health check finds it well" finds_itself_well
    look "told to end, it does within 10 seconds, with status 0" ends_when_told_to
    look "its log tells of no refused write and of no bug" tells_of_no_refused_write
    if [ $failed = 1 ]; then
        "$run" logs "$name" >&2 || true
    fi
    return $failed
}

case ${1:-} in
--check) check ;;
-h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p;}' "$0" ;;
*) build "$@" ;;
esac
