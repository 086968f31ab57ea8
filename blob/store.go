package blob

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

// Backend is where segments lie.
type Backend interface {
	// Append makes a batch of bytes durable and says in which segment and from which offset they lie. fill
	// is called with that offset and gives the bytes.
	Append(ctx context.Context, fill func(offset int64) ([]byte, error)) (segment string, offset int64, err error)
	// Read reads length bytes from an offset of a segment.
	Read(ctx context.Context, segment string, offset, length int64) (io.ReadCloser, error)
	// Remove removes a segment; that it is not there is no error.
	Remove(ctx context.Context, segment string) error
	// Segments lists the segments that are there and may be removed: not one that is still written.
	Segments(ctx context.Context) ([]string, error)
	// Roll ends a segment, if this process still writes it, so that it may be removed later.
	Roll(ctx context.Context, segment string) error
}

// Wrapper wraps data keys; see keys.Wrapper.
type Wrapper interface {
	ID() string
	Wrap(ctx context.Context, plain []byte) ([]byte, error)
	Unwrap(ctx context.Context, wrapped []byte) ([]byte, error)
}

// Store writes and reads bodies.
type Store struct {
	backend Backend
	wrapper Wrapper
	older   []Wrapper // of which there are bodies, but no new ones

	mu      sync.Mutex
	data    []byte // data key for new frames
	wrapped []byte
	frames  int
	opened  map[string][]byte // data keys by their wrapped form
	ciphers map[frameAt]cipher.AEAD
}

// frameAt is where a frame lies. Nothing else is ever written there: names of segments are not used again.
type frameAt struct {
	segment string
	offset  int64
}

// framesPerKey is how many frames share a data key, so that a key service is not asked for each.
const framesPerKey = 1000

// maxOpened bounds the data keys, and the ciphers of frames, that are kept for reading.
const maxOpened = 1000

// New makes a store that wraps data keys with wrapper, and reads what was wrapped with it or with an older one.
func New(backend Backend, wrapper Wrapper, older ...Wrapper) *Store {
	return &Store{backend: backend, wrapper: wrapper, older: older, opened: map[string][]byte{}, ciphers: map[frameAt]cipher.AEAD{}}
}

// Body is what is to be stored. Open may be called more than once.
type Body struct {
	Digest evidence.Digest
	Size   int64
	Open   func() (io.ReadCloser, error)
}

// Bytes makes a body of bytes.
func Bytes(data []byte) Body {
	return Body{
		Digest: evidence.DigestOf(data), Size: int64(len(data)),
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil },
	}
}

const (
	magic      = "ASZSEG1\n"
	chunkSize  = 1 << 20
	entryHead  = sha256.Size + 8 + 8 + 8
	lastChunk  = 1 << 31
	maxHeader  = 1 << 16
	tagSize    = 16
	maxBodyLen = 1 << 40
)

type frameHeader struct {
	Key     string `json:"key"`
	Wrapped []byte `json:"wrapped"`
	Salt    []byte `json:"salt"`
}

// Put makes bodies durable, as one batch, and says where they lie. Bodies with the same digest are
// written once.
func (s *Store) Put(ctx context.Context, bodies ...Body) ([]assessment.BlobLocation, error) {
	var out []assessment.BlobLocation
	if len(bodies) == 0 {
		return nil, nil
	}
	head, aead, err := s.newFrame(ctx)
	if err != nil {
		return nil, err
	}
	segment, _, err := s.backend.Append(ctx, func(offset int64) ([]byte, error) {
		b := append([]byte(nil), head...)
		seen := map[evidence.Digest]bool{}
		out = out[:0]
		for _, body := range bodies {
			if seen[body.Digest] {
				continue
			}
			seen[body.Digest] = true
			at := assessment.BlobLocation{Digest: body.Digest, Offset: offset + int64(len(b)), Size: body.Size}
			var err error
			if b, err = appendEntry(b, aead, uint64(len(out)), offset, &body); err != nil {
				return nil, err
			}
			at.Length = offset + int64(len(b)) - at.Offset
			out = append(out, at)
		}
		return b, nil
	})
	if err != nil {
		return nil, fmt.Errorf("store %d bodies: %w", len(bodies), err)
	}
	for i := range out {
		out[i].Segment = segment
	}
	return out, nil
}

// newFrame gives the head of a frame and its cipher.
func (s *Store) newFrame(ctx context.Context) ([]byte, cipher.AEAD, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.data == nil || s.frames >= framesPerKey {
		key := make([]byte, 32)
		if _, err := rand.Read(key); err != nil {
			return nil, nil, err
		}
		wrapped, err := s.wrapper.Wrap(ctx, key)
		if err != nil {
			return nil, nil, fmt.Errorf("wrap a data key with %s: %w", s.wrapper.ID(), err)
		}
		s.data, s.wrapped, s.frames = key, wrapped, 0
	}
	s.frames++
	salt := make([]byte, 32)
	if _, err := rand.Read(salt); err != nil {
		return nil, nil, err
	}
	header, err := json.Marshal(frameHeader{Key: s.wrapper.ID(), Wrapped: s.wrapped, Salt: salt})
	if err != nil {
		return nil, nil, err
	}
	head := binary.BigEndian.AppendUint32([]byte(magic), uint32(len(header)))
	aead, err := frameCipher(s.data, salt)
	return append(head, header...), aead, err
}

func frameCipher(data, salt []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, data, salt, "assize segment frame", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func nonce(entry uint64, chunk uint32) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(make([]byte, 0, 12), entry), chunk)
}

// appendEntry reads a body, seals it, and holds what was read against its digest.
func appendEntry(b []byte, aead cipher.AEAD, entry uint64, frame int64, body *Body) (_ []byte, err error) {
	r, err := body.Open()
	if err != nil {
		return nil, fmt.Errorf("body %s: %w", body.Digest, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	b = append(b, body.Digest[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(frame))
	b = binary.BigEndian.AppendUint64(b, entry)
	lengthAt := len(b)
	b = binary.BigEndian.AppendUint64(b, 0)
	start := len(b)
	h := sha256.New()
	in := io.TeeReader(io.LimitReader(r, body.Size+1), h)
	buffer := make([]byte, min(chunkSize, body.Size+1))
	for n, left := uint32(0), body.Size; ; n++ {
		want := min(int64(len(buffer)), left)
		if _, err := io.ReadFull(in, buffer[:want]); err != nil {
			return nil, fmt.Errorf("body %s: %w", body.Digest, err)
		}
		left -= want
		number := n
		if left == 0 {
			number |= lastChunk
		}
		b = aead.Seal(b, nonce(entry, number), buffer[:want], body.Digest[:])
		if left == 0 {
			break
		}
	}
	if more, _ := io.Copy(io.Discard, in); more > 0 || evidence.Digest(h.Sum(nil)) != body.Digest {
		return nil, fmt.Errorf("body %s: it is not what its digest says: it was changed while it was read", body.Digest)
	}
	binary.BigEndian.PutUint64(b[lengthAt:], uint64(len(b)-start))
	return b, nil
}
