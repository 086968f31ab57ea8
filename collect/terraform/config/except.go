package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// An Exception is a comment of the form
//
//	# assize:except CHECK until=2026-12-31 reason="why"
//
// It holds for the block that follows it, or in which it stands.
type Exception struct {
	Check  string
	Until  time.Time // the last day on which it holds, UTC
	Reason string
	File   string
	Line   int
	// Block is the resource or module call that it is for, as an address without the
	// module's: "aws_s3_bucket.b", "module.x"; "" where no such block follows.
	Block string
	// Folder of the file as path.module has it: "." for the root module.
	Folder string
}

const exceptMark = "assize:except"

var exceptForm = regexp.MustCompile(`^\s*(\S+)\s+until=(\d{4}-\d{2}-\d{2})\s+reason="([^"]+)"\s*(?:\*/)?\s*$`)

// parseExceptions finds the exceptions in the comments of a file. One that is not
// of the form is an error: what was meant to be excepted would fail, or worse, someone would believe
// that it is.
func parseExceptions(data []byte, file string, blocks []*hclsyntax.Block) ([]Exception, error) {
	if !strings.Contains(string(data), exceptMark) {
		return nil, nil
	}
	lexed, diags := hclsyntax.LexConfig(data, file, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%s: %w", file, diags)
	}
	var all []Exception
	for _, tok := range lexed {
		if tok.Type != hclsyntax.TokenComment {
			continue
		}
		for i, line := range strings.Split(string(tok.Bytes), "\n") {
			text := strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(line), "#/* "))
			rest, found := strings.CutPrefix(text, exceptMark)
			if !found {
				continue
			}
			at := tok.Range.Start.Line + i
			e, err := parseException(rest)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, at, err)
			}
			e.File, e.Line, e.Block = file, at, blockAt(blocks, at)
			e.Folder = folderOf(file)
			all = append(all, e)
		}
	}
	return all, nil
}

func parseException(text string) (Exception, error) {
	m := exceptForm.FindStringSubmatch(text)
	if m == nil {
		return Exception{}, fmt.Errorf(`want: %s CHECK until=YYYY-MM-DD reason="why", got %q`, exceptMark, strings.TrimSpace(text))
	}
	until, err := time.Parse(time.DateOnly, m[2])
	if err != nil {
		return Exception{}, fmt.Errorf("%s %s: until=%s is no day: %w", exceptMark, m[1], m[2], err)
	}
	return Exception{Check: m[1], Until: until, Reason: m[3]}, nil
}

// blockAt is the block that the line stands in, else the first that begins behind it.
func blockAt(blocks []*hclsyntax.Block, line int) string {
	sorted := slices.Clone(blocks)
	slices.SortFunc(sorted, func(a, b *hclsyntax.Block) int { return a.TypeRange.Start.Line - b.TypeRange.Start.Line })
	for _, b := range sorted {
		if b.CloseBraceRange.End.Line < line {
			continue
		}
		switch {
		case b.Type == "resource" && len(b.Labels) == 2:
			return b.Labels[0] + "." + b.Labels[1]
		case b.Type == "data" && len(b.Labels) == 2:
			return "data." + b.Labels[0] + "." + b.Labels[1]
		case b.Type == "module" && len(b.Labels) == 1:
			return "module." + b.Labels[0]
		}
		return ""
	}
	return ""
}

func folderOf(file string) string {
	if i := strings.LastIndexByte(file, '/'); i >= 0 {
		return file[:i]
	}
	return "."
}

// addExceptions keeps each once, also where its module is called twice.
func (c *Configuration) addExceptions(more []Exception) {
	for _, e := range more {
		if !slices.Contains(c.Exceptions, e) {
			c.Exceptions = append(c.Exceptions, e)
		}
	}
}
