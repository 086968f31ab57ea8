package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// result is what the bench reads of a JSON report, without keeping the findings.
type result struct {
	checks, findings, gaps int
	outcomes, requests     map[string]int
	bytes, largest         int // of findings
}

func (r *result) total() int {
	n := 0
	for _, k := range r.requests {
		n += k
	}
	return n
}

func (r *result) averageBytes() float64 { return float64(r.bytes) / float64(max(1, r.findings)) }

func readResult(path string) (*result, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the result: %w", err)
	}
	r, err := parseResult(bufio.NewReader(f))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return r, nil
}

// parseResult goes over the document as a stream: this process has to stay small.
func parseResult(in io.Reader) (*result, error) {
	r := &result{outcomes: map[string]int{}}
	dec := json.NewDecoder(in)
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		switch name {
		case "findings":
			err = r.readFindings(dec)
		case "checks":
			var checks map[string]json.RawMessage
			err = dec.Decode(&checks)
			r.checks = len(checks)
		case "summary":
			var s struct {
				Requests map[string]int
				Gaps     []json.RawMessage
			}
			err = dec.Decode(&s)
			r.requests, r.gaps = s.Requests, len(s.Gaps)
		default:
			var other json.RawMessage
			err = dec.Decode(&other)
		}
		if err != nil {
			return nil, fmt.Errorf("%v: %w", name, err)
		}
	}
	return r, nil
}

func (r *result) readFindings(dec *json.Decoder) error {
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() {
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return err
		}
		var f struct{ Outcome string }
		if err := json.Unmarshal(raw, &f); err != nil {
			return err
		}
		size := len(bytes.TrimSpace(raw))
		r.outcomes[f.Outcome]++
		r.findings++
		r.bytes += size
		r.largest = max(r.largest, size)
	}
	_, err := dec.Token()
	return err
}
