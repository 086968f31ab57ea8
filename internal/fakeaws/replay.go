package fakeaws

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// recorded is one line of a recording.
type recorded struct {
	Key    string      `json:"key"`
	Status int         `json:"status"`
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`
}

// recording keeps the upstream's answers by request.
type recording struct {
	mu    sync.RWMutex
	byKey map[string]reply
}

func newRecording() *recording { return &recording{byKey: map[string]reply{}} }

// recordKey names a request: account, region, method, host, URL, target and
// the digest of the body. The port is left out, since it changes between runs.
func recordKey(c *Call) string {
	host := c.request.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	digest := sha256.Sum256(c.body)
	return strings.Join([]string{
		c.Account, c.Region, c.request.Method, host, c.request.URL.RequestURI(), c.target, hex.EncodeToString(digest[:]),
	}, " ")
}

func (r *recording) get(key string) (reply, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	found, ok := r.byKey[key]
	return found, ok
}

func (r *recording) put(key string, answer reply) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.byKey[key] = answer
}

func (r *recording) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.byKey)
}

// save writes the recording as JSON lines in the order of their keys.
func (r *recording) save(w io.Writer) error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	lines := make([]recorded, 0, len(r.byKey))
	for key, answer := range r.byKey {
		lines = append(lines, recorded{key, answer.status, answer.header, answer.body})
	}
	slices.SortFunc(lines, func(a, b recorded) int { return cmp.Compare(a.Key, b.Key) })
	buffered := bufio.NewWriter(w)
	enc := json.NewEncoder(buffered)
	for _, line := range lines {
		if err := enc.Encode(line); err != nil {
			return fmt.Errorf("save recording: %w", err)
		}
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("save recording: %w", err)
	}
	return nil
}

// load adds the lines of a saved recording.
func (r *recording) load(in io.Reader) error {
	dec := json.NewDecoder(in)
	for {
		var line recorded
		err := dec.Decode(&line)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("load recording: %w", err)
		}
		r.put(line.Key, reply{status: line.Status, header: line.Header, body: line.Body})
	}
}
