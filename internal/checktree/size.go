package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// The sizes of well-kept Go projects: their 90th percentile is 45 lines a function, 270 to 470 a file.
const (
	functionLines = 60
	fileLines     = 400
)

// oversized lists the file, if it is long, and its long functions. Generated files do not count, nor do functions
// of tests: those are tables.
func oversized(name string, source []byte) ([]string, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	if ast.IsGenerated(file) {
		return nil, nil
	}
	var long []string
	if n := bytes.Count(source, []byte("\n")); n > fileLines {
		long = append(long, fmt.Sprintf("%s: %d lines", name, n))
	}
	if strings.HasSuffix(name, "_test.go") {
		return long, nil
	}
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		start := fset.Position(f.Pos()).Line
		if n := fset.Position(f.End()).Line - start + 1; n > functionLines {
			long = append(long, fmt.Sprintf("%s:%d: %s has %d lines", name, start, f.Name.Name, n))
		}
	}
	return long, nil
}
