package blob

import (
	"context"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// Open reads a body. What is read is checked: a changed chunk is an error of Read, and what the reader has
// given before io.EOF has the digest.
func (s *Store) Open(ctx context.Context, at assessment.BlobLocation) (io.ReadCloser, error) {
	if at.Length < entryHead || at.Length > maxBodyLen {
		return nil, fmt.Errorf("body %s: a length of %d cannot be", at.Digest, at.Length)
	}
	raw, err := s.backend.Read(ctx, at.Segment, at.Offset, at.Length)
	if err != nil {
		return nil, fmt.Errorf("body %s: %w", at.Digest, err)
	}
	r, err := s.reader(ctx, at, raw)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("body %s in segment %s: %w", at.Digest, at.Segment, err), raw.Close())
	}
	return r, nil
}

// Check reads a body to its end: that it is where it should be, can be decrypted, and has its size and its digest.
func (s *Store) Check(ctx context.Context, at assessment.BlobLocation) (err error) {
	r, err := s.Open(ctx, at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	n, err := io.Copy(io.Discard, r)
	if err == nil && n != at.Size {
		err = fmt.Errorf("body %s: it has %d bytes, the store says %d", at.Digest, n, at.Size)
	}
	return err
}

func (s *Store) reader(ctx context.Context, at assessment.BlobLocation, raw io.ReadCloser) (io.ReadCloser, error) {
	head := make([]byte, entryHead)
	if _, err := io.ReadFull(raw, head); err != nil {
		return nil, err
	}
	if evidence.Digest(head[:sha256.Size]) != at.Digest {
		return nil, errors.New("another body lies there")
	}
	frame := int64(binary.BigEndian.Uint64(head[sha256.Size:]))
	length := int64(binary.BigEndian.Uint64(head[sha256.Size+16:]))
	if length != at.Length-entryHead {
		return nil, fmt.Errorf("it has %d sealed bytes, the store says %d", length, at.Length-entryHead)
	}
	aead, err := s.openFrame(ctx, at.Segment, frame)
	if err != nil {
		return nil, err
	}
	return &reader{
		raw: raw, in: io.LimitReader(raw, length), left: length, aead: aead, digest: at.Digest, hash: sha256.New(),
		entry: binary.BigEndian.Uint64(head[sha256.Size+8:]),
	}, nil
}

func (s *Store) read(ctx context.Context, segment string, offset, length int64) (_ []byte, err error) {
	r, err := s.backend.Read(ctx, segment, offset, length)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	b := make([]byte, length)
	_, err = io.ReadFull(r, b)
	return b, err
}

// openFrame gives the cipher of a frame. Its header is read once for all the bodies of a batch.
func (s *Store) openFrame(ctx context.Context, segment string, offset int64) (cipher.AEAD, error) {
	at := frameAt{segment, offset}
	s.mu.Lock()
	aead := s.ciphers[at]
	s.mu.Unlock()
	if aead != nil {
		return aead, nil
	}
	aead, err := s.readFrame(ctx, segment, offset)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.ciphers) >= maxOpened {
		clear(s.ciphers)
	}
	s.ciphers[at] = aead
	return aead, nil
}

// readFrame reads the header of a frame and makes its cipher.
func (s *Store) readFrame(ctx context.Context, segment string, offset int64) (cipher.AEAD, error) {
	head, err := s.read(ctx, segment, offset, int64(len(magic)+4))
	if err != nil {
		return nil, fmt.Errorf("frame at %d: %w", offset, err)
	}
	n := binary.BigEndian.Uint32(head[len(magic):])
	if string(head[:len(magic)]) != magic || n > maxHeader {
		return nil, fmt.Errorf("there is no frame at %d", offset)
	}
	text, err := s.read(ctx, segment, offset+int64(len(head)), int64(n))
	if err != nil {
		return nil, fmt.Errorf("frame at %d: %w", offset, err)
	}
	var header frameHeader
	if err := json.Unmarshal(text, &header); err != nil {
		return nil, fmt.Errorf("frame at %d: %w", offset, err)
	}
	data, err := s.dataKey(ctx, &header)
	if err != nil {
		return nil, err
	}
	return frameCipher(data, header.Salt)
}

func (s *Store) dataKey(ctx context.Context, header *frameHeader) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if key := s.opened[string(header.Wrapped)]; key != nil {
		return key, nil
	}
	wrapper := s.wrapper
	for _, w := range s.older {
		if w.ID() == header.Key {
			wrapper = w
		}
	}
	if header.Key != wrapper.ID() {
		return nil, fmt.Errorf("it is encrypted under key %s, which is not here; %s is", header.Key, s.wrapper.ID())
	}
	key, err := wrapper.Unwrap(ctx, header.Wrapped)
	if err != nil {
		return nil, err
	}
	if len(s.opened) >= maxOpened {
		clear(s.opened)
	}
	s.opened[string(header.Wrapped)] = key
	return key, nil
}

// reader opens the chunks of an entry one by one.
type reader struct {
	raw    io.ReadCloser
	in     io.Reader
	left   int64
	aead   cipher.AEAD
	digest evidence.Digest
	hash   hash.Hash
	entry  uint64
	chunk  uint32
	sealed []byte
	plain  []byte
	done   bool
}

// Read gives plain bytes.
func (r *reader) Read(p []byte) (int, error) {
	for len(r.plain) == 0 {
		if r.done {
			return 0, io.EOF
		}
		if err := r.next(); err != nil {
			return 0, fmt.Errorf("body %s: chunk %d: %w", r.digest, r.chunk, err)
		}
	}
	n := copy(p, r.plain)
	r.plain = r.plain[n:]
	return n, nil
}

func (r *reader) next() error {
	want := min(int64(chunkSize+tagSize), r.left)
	if r.sealed == nil {
		r.sealed = make([]byte, want)
	}
	if _, err := io.ReadFull(r.in, r.sealed[:want]); err != nil {
		return err
	}
	r.left -= want
	number := r.chunk
	if r.left == 0 {
		number |= lastChunk
	}
	plain, err := r.aead.Open(r.sealed[:0], nonce(r.entry, number), r.sealed[:want], r.digest[:])
	if err != nil {
		return fmt.Errorf("it was changed: %w", err)
	}
	r.chunk++
	r.plain = plain
	r.hash.Write(plain)
	if r.left == 0 {
		r.done = true
		if evidence.Digest(r.hash.Sum(nil)) != r.digest {
			return errors.New("what was read does not have the digest")
		}
	}
	return nil
}

// Close closes the segment.
func (r *reader) Close() error { return r.raw.Close() }
