package verify

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"sync"
)

// opened yields the bytes of a file of the archive. It fails unless they are exactly what the archive says: as many,
// with that CRC, and with nothing left of the packed bytes.
type opened struct {
	file  *zip.File
	raw   *bufio.Reader
	plain io.Reader
	flate io.Reader // to be given back; nil where the file is not packed
	crc   hash.Hash32
	left  uint64
}

// Unpackers and readers are used again: a bundle has many small files.
var (
	unpackers sync.Pool
	readers   = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 1<<15) }}
)

func open(f *zip.File) (*opened, error) {
	raw, err := f.OpenRaw()
	if err != nil {
		return nil, err
	}
	o := &opened{file: f, crc: crc32.NewIEEE(), left: f.UncompressedSize64}
	o.raw, _ = readers.Get().(*bufio.Reader)
	o.raw.Reset(raw)
	o.plain = o.raw
	if f.Method == zip.Deflate {
		reset, ok := unpackers.Get().(flate.Resetter)
		if !ok {
			o.flate = flate.NewReader(o.raw)
		} else if err := reset.Reset(o.raw, nil); err != nil {
			return nil, err
		} else {
			o.flate, _ = reset.(io.Reader)
		}
		o.plain = o.flate
	}
	return o, nil
}

// Read reads plain bytes.
func (o *opened) Read(p []byte) (int, error) {
	n, err := o.plain.Read(p)
	if uint64(n) > o.left {
		return 0, fmt.Errorf("it is longer than the %d bytes that the archive says", o.file.UncompressedSize64)
	}
	o.left -= uint64(n)
	o.crc.Write(p[:n])
	if errors.Is(err, io.EOF) {
		if fault := o.end(); fault != nil {
			return n, fault
		}
	}
	return n, err
}

func (o *opened) end() error {
	_, err := o.raw.ReadByte()
	switch {
	case o.left != 0:
		return fmt.Errorf("it is shorter than the %d bytes that the archive says", o.file.UncompressedSize64)
	case !errors.Is(err, io.EOF):
		return errors.New("there are packed bytes that belong to nothing")
	case o.crc.Sum32() != o.file.CRC32:
		return errors.New("its CRC is not that of the archive")
	}
	return nil
}

// close gives back what can be used again.
func (o *opened) close() {
	if o.flate != nil {
		unpackers.Put(o.flate)
	}
	readers.Put(o.raw)
}

// with opens a file of the bundle for use by read, which must read it to its end.
func (v *verifier) with(name string, read func(io.Reader) error) error {
	f := v.files[name]
	if f == nil {
		return fmt.Errorf("%s is missing", name)
	}
	o, err := open(f)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer o.close()
	if err := read(o); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// small reads a small file of the bundle whole.
func (v *verifier) small(name string) (data []byte, err error) {
	if f := v.files[name]; f != nil && f.UncompressedSize64 > maxSmall {
		return nil, fmt.Errorf("%s has %d bytes, more than %d", name, f.UncompressedSize64, maxSmall)
	}
	err = v.with(name, func(r io.Reader) error {
		data, err = io.ReadAll(r)
		return err
	})
	return data, err
}
