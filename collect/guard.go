package collect

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/assize-dev/assize"
)

// guard turns a panic into a failure: one collector's mistake is not the run's end.
func (t *Task) guard(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Failure{
				Cause:  assize.ServiceError,
				Detail: fmt.Sprintf("collector %s panicked: %v, in %s", t.decl.Name, p, panicSite(string(debug.Stack()))),
			}
		}
	}()
	return fn()
}

// panicSite names the function that panicked: the first below the runtime's. Not
// its file: that path is of the machine that built the program.
func panicSite(stack string) string {
	_, below, found := strings.Cut(stack, "\npanic(")
	if found {
		for frame := range strings.SplitSeq(below, "\n") {
			if name, _, ok := strings.Cut(frame, "("); ok && !strings.HasPrefix(frame, "\t") &&
				!strings.HasPrefix(frame, "runtime.") && strings.Contains(name, ".") {
				return name
			}
		}
	}
	return "an unknown place"
}

// oneLine keeps a message in one line of bounded length.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	const limit = 300
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "") + "…"
	}
	return s
}
