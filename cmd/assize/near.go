package main

import (
	"fmt"
	"io"

	"github.com/assize-dev/assize/library/reference"
)

// writeNear names the controls that are nearest to some words.
func writeNear(w io.Writer, r *reference.Reference, words string) {
	found, _ := r.Search(words, reference.Control)
	if len(found) < nearControls { // not all words are in one control: those that are spelt most alike
		for _, e := range r.Alike(words, reference.Control) {
			if len(found) < nearControls && !containsEntry(found, e.Key) {
				found = append(found, e)
			}
		}
	}
	for _, e := range found[:min(len(found), nearControls)] {
		fmt.Fprintf(w, "  %s  %s\n", line(e.ID), line(entryTitle(&e)))
	}
}

// nearControls is how many are offered.
const nearControls = 8

func containsEntry(list []reference.Entry, k reference.Key) bool {
	for _, e := range list {
		if e.Key == k {
			return true
		}
	}
	return false
}
