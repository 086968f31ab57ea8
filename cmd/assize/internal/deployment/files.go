package deployment

import (
	"errors"
	"os"
	"path/filepath"
)

// writeFile writes a file whole and durable, or not at all; it replaces one that is there.
func writeFile(path string, text []byte, mode os.FileMode) error {
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	_, err = temp.Write(text)
	err = errors.Join(err, temp.Chmod(mode), temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, ignoreMissing(os.Remove(temp.Name())))
	}
	return nil
}
