package verify

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
)

// canonicalArchive refuses an archive with bytes that belong to no file or that a bundle does not have: a
// comment, extra fields, something before, between or behind the files. Two programs could read such an archive
// differently.
func canonicalArchive(in io.ReaderAt, size int64, archive *zip.Reader) error {
	if archive.Comment != "" {
		return errors.New("the archive has a comment")
	}
	var at int64
	for _, f := range archive.File {
		if f.Comment != "" || f.Method != zip.Deflate && f.Method != zip.Store {
			return fmt.Errorf("%.200q has a comment, or is packed by method %d", f.Name, f.Method)
		}
		offset, err := f.DataOffset()
		if err != nil {
			return fmt.Errorf("%.200q: %w", f.Name, err)
		}
		head := make([]byte, 30)
		start := offset - int64(len(head)) - int64(len(f.Name))
		if start != at {
			return fmt.Errorf("%.200q begins at byte %d, the file before it ends at %d", f.Name, start, at)
		}
		if err := localHeader(in, f, start, head); err != nil {
			return fmt.Errorf("%.200q: %w", f.Name, err)
		}
		if at = offset + int64(f.CompressedSize64); f.Flags&dataDescriptor != 0 {
			length := int64(16)
			if f.CompressedSize64 >= 1<<32-1 || f.UncompressedSize64 >= 1<<32-1 {
				length = 24
			}
			at += length
		}
		if at > size {
			return fmt.Errorf("%.200q ends behind the archive", f.Name)
		}
	}
	return nil
}

// dataDescriptor is the flag of files whose sizes stand behind them.
const dataDescriptor = 0x8

// localHeader holds the header before a file against that of the directory at the end.
func localHeader(in io.ReaderAt, f *zip.File, start int64, head []byte) error {
	name := make([]byte, len(f.Name))
	if _, err := in.ReadAt(head, start); err != nil {
		return err
	}
	if _, err := in.ReadAt(name, start+int64(len(head))); err != nil {
		return err
	}
	le := func(i int) uint16 { return uint16(head[i]) | uint16(head[i+1])<<8 }
	if string(name) != f.Name || le(8) != f.Method || le(6) != f.Flags || le(28) != 0 {
		return errors.New("its local header is not that of the directory")
	}
	return nil
}
