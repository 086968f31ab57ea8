package main

import (
	"context"
	"os"
	"time"
)

// benchStart measures how long the program takes to say something.
func benchStart(ctx context.Context, l *lab) ([]figure, error) {
	program, err := l.program(ctx)
	if err != nil {
		return nil, err
	}
	var figures []figure
	for _, arg := range []string{"version", "--help"} {
		walls := make([]float64, l.starts)
		var last usage
		for i := range walls {
			if last, err = measure(l.cli(ctx, "", comparisonAccount, arg)); err != nil {
				return nil, err
			}
			walls[i] = float64(last.wall) / float64(time.Millisecond)
		}
		figures = append(figures, below("assize "+arg+", wall time", median(walls), 60, "%.0f ms"),
			info("assize "+arg+", memory", "%.0f MB", float64(last.peak)/1e6))
	}
	file, err := os.Stat(program)
	if err != nil {
		return nil, err
	}
	// A dependency that calls methods by name makes the linker keep all of the SDK.
	return append(figures, below("size of the program", float64(file.Size())/1e6, 60, "%.0f MB")), nil
}
