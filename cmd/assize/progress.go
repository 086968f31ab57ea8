package main

import (
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// progress is a line on the terminal that says how far a collection is. It
// writes nothing when standard error is no terminal.
type progress struct {
	mu    sync.Mutex
	w     io.Writer
	shown bool
}

func newProgress(cmd *cobra.Command) *progress {
	p := &progress{}
	if f, ok := cmd.ErrOrStderr().(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.w = f
	}
	return p
}

// update shows how many of the tasks are done, and the requests made.
func (p *progress) update(done, total, requests int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.w == nil || total == 0 {
		return
	}
	const width = 30
	filled := width * done / total
	bar := make([]byte, width)
	for i := range bar {
		bar[i] = '.'
		if i < filled {
			bar[i] = '#'
		}
	}
	fmt.Fprintf(p.w, "\r[%s] %d of %d tasks, %d requests ", bar, done, total, requests)
	p.shown = true
}

// stop clears the line.
func (p *progress) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	p.w = nil
}
