package aws

// collectors lists all, in order of their files. A test holds it against the files.
var collectors = []*collector{}
