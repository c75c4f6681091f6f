# The commands of the README: the lines of its ```sh blocks, without comments and empty lines.
readme_commands() {
    awk '/^```/ { inside = ($0 == "```sh"); next } inside' README.md |
        sed -e 's/[[:space:]]#.*$//' -e '/^#/d' -e '/^[[:space:]]*$/d'
}
