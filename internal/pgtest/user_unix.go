//go:build unix

package pgtest

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// asOther makes programs run as a user other than root, which PostgreSQL refuses, and gives that user the folder. A
// user who is not root stays who it is. Programs lead a process group of their own, so that an interrupt of the
// terminal does not reach them before the tests end.
func asOther(dir string) (func(*exec.Cmd), error) {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() == 0 {
		uid, gid, err := unprivileged()
		if err != nil {
			return nil, err
		}
		if err := os.Chown(dir, int(uid), int(gid)); err != nil {
			return nil, fmt.Errorf("postgres: %w", err)
		}
		attr.Credential = &syscall.Credential{Uid: uid, Gid: gid}
	}
	return func(cmd *exec.Cmd) { cmd.SysProcAttr = attr }, nil
}

// unprivileged is the user of PostgreSQL's package, or nobody.
func unprivileged() (uid, gid uint32, err error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		id, err1 := strconv.ParseUint(u.Uid, 10, 32)
		group, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err1 == nil && err2 == nil && id != 0 {
			return uint32(id), uint32(group), nil
		}
	}
	return 0, 0, fmt.Errorf("postgres: this is root, and there is neither a user postgres nor nobody to run it as")
}
