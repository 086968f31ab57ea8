package verify

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"

	"github.com/assize-dev/assize/evidence"
)

// ledger holds the leaves against the checkpoint, their sequence against gaps, and the bodies against the leaves.
func (v *verifier) ledger(checkpoint *evidence.Checkpoint) error {
	s := newState(v)
	if !slices.IsSorted(v.leaves) {
		return errors.New("the files of leaves are not in order")
	}
	for _, name := range v.leaves {
		err := v.with(name, func(r io.Reader) error { return eachLeaf(r, checkpoint, s.leaf) })
		if err != nil {
			return err
		}
	}
	s.closing()
	return nil
}

// perBatch is how many leaves are checked by one worker at a time.
const perBatch = 128

// checked is a line of a file of leaves after the checks that need no other line.
type checked struct {
	index int64
	leaf  *evidence.Leaf
	err   error // it is no leaf
	proof error // its proof does not hold
}

// eachLeaf reads lines, checks several batches of them at a time, and gives the results in order.
func eachLeaf(r io.Reader, checkpoint *evidence.Checkpoint, use func(*checked) error) error {
	in := bufio.NewReaderSize(r, 1<<17)
	batches := make(chan chan []checked, runtime.GOMAXPROCS(0))
	stop := make(chan struct{})
	read := make(chan error, 1)
	go func() {
		defer close(batches)
		read <- readBatches(in, checkpoint, batches, stop)
	}()
	var fault error
	for batch := range batches {
		for _, c := range <-batch {
			if fault == nil {
				fault = use(&c)
			}
		}
		if fault != nil {
			close(stop)
			for b := range batches {
				<-b
			}
			break
		}
	}
	return errors.Join(fault, <-read)
}

// readBatches starts a check for each batch of lines.
func readBatches(in *bufio.Reader, checkpoint *evidence.Checkpoint, batches chan<- chan []checked, stop <-chan struct{}) error {
	for {
		lines, err := readBatch(in)
		if len(lines) > 0 {
			out := make(chan []checked, 1)
			go func() { out <- checkLines(lines, checkpoint) }()
			select {
			case batches <- out:
			case <-stop:
				return nil
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// readBatch reads as many lines as a worker checks at a time; those before an error come with it.
func readBatch(in *bufio.Reader) (lines [][]byte, err error) {
	lines = make([][]byte, 0, perBatch)
	for len(lines) < perBatch {
		line, err := readLine(in)
		if err != nil {
			return lines, err
		}
		lines = append(lines, bytes.Clone(line))
	}
	return lines, nil
}

func checkLines(lines [][]byte, checkpoint *evidence.Checkpoint) []checked {
	out := make([]checked, len(lines))
	for i, line := range lines {
		c := &out[i]
		l, err := evidence.ParseBundleLeaf(line)
		if err != nil {
			c.err = err
			continue
		}
		c.index = l.Index
		text := []byte(l.Leaf)
		c.proof = (&evidence.Proof{Index: l.Index, Hashes: l.Hashes}).CheckAgainst(text, checkpoint)
		c.leaf, c.err = evidence.ParseLeaf(text)
	}
	return out
}

// Proof returns the inclusion proof of the leaf at an index of the ledger as a C2SP tlog-proof@v1, and the leaf
// itself, from a bundle whose other parts are not looked at. It verifies neither: that is for other tools.
func Proof(in io.ReaderAt, size, index int64) (proof, leaf []byte, err error) {
	v, err := opening(in, size)
	if err != nil {
		return nil, nil, err
	}
	checkpoint, err := v.small(evidence.BundleCheckpoint)
	if err != nil {
		return nil, nil, err
	}
	var found *evidence.BundleLeaf
	for n := 1; found == nil; n++ {
		name := fmt.Sprintf("%s%05d.jsonl", evidence.BundleLeaves, n)
		if v.files[name] == nil {
			return nil, nil, fmt.Errorf("the bundle has no leaf %d", index)
		}
		err := v.with(name, func(r io.Reader) error {
			for lines := bufio.NewReader(r); found == nil; {
				line, err := readLine(lines)
				if errors.Is(err, io.EOF) {
					return nil
				}
				if err != nil {
					return err
				}
				l, err := evidence.ParseBundleLeaf(line)
				if err != nil {
					return err
				}
				if l.Index == index {
					found = l
				}
			}
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
	}
	p := evidence.Proof{Index: found.Index, Hashes: found.Hashes, Checkpoint: checkpoint}
	return p.Bytes(), []byte(found.Leaf), nil
}
