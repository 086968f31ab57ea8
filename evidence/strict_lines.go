package evidence

import (
	"bytes"
	"time"
)

// strictFile reads a line of the manifest in its one form; nil where it may be another.
func strictFile(line []byte) *BundleFile {
	s, f := readStrictly(line), &BundleFile{}
	s.want("{")
	if s.passes(`"leaf":`) {
		leaf := s.integer()
		f.Leaf = &leaf
		s.want(",")
	}
	s.want(`"path":`)
	f.Path = s.text()
	s.want(`,"sha256":`)
	f.SHA256 = s.digest(digestPrefix)
	s.want(`,"size":`)
	f.Size = s.integer()
	s.want("}")
	if !s.done() || !bytes.Equal(f.Bytes(), line) {
		return nil
	}
	return f
}

// strictBundleLeaf reads a line of a file of leaves in its one form; nil where it may be another.
func strictBundleLeaf(line []byte) *BundleLeaf {
	s, l := readStrictly(line), &BundleLeaf{Hashes: make([]Hash, 0, 24)}
	s.want(`{"hashes":[`)
	for !s.bad && !s.passes("]") {
		if len(l.Hashes) > 0 {
			s.want(",")
		}
		l.Hashes = append(l.Hashes, s.hash())
	}
	s.want(`,"index":`)
	l.Index = s.integer()
	s.want(`,"leaf":`)
	l.Leaf = s.text()
	s.want("}")
	if !s.done() || !bytes.Equal(l.Bytes(), line) {
		return nil
	}
	return l
}

// strictLeaf reads a leaf in its canonical form; nil where it may be none.
func strictLeaf(data []byte) *Leaf {
	s, l := readStrictly(data), &Leaf{}
	s.want(leafActor)
	l.Actor = s.text()
	s.want(leafBody)
	l.Body = bytes.Clone(s.object())
	s.want(leafKind)
	l.Kind = Kind(s.text())
	s.want(leafRecorded)
	recorded := s.text()
	s.want(leafScope)
	l.Scope = s.text()
	s.want(leafSequence)
	l.Sequence = s.integer()
	s.want(leafDigest)
	l.Digest = s.digest("")
	s.want(leafName)
	l.Subject = s.text()
	s.want(leafEnd)
	var err error
	if l.Recorded, err = time.Parse(recordedLayout, recorded); err != nil || !s.done() || l.Digest.IsZero() {
		return nil
	}
	again, err := l.draft(l.Body).Bytes(l.Sequence)
	if err != nil || !bytes.Equal(again, data) {
		return nil
	}
	return l
}
