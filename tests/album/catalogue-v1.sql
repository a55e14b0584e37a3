PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO meta VALUES('schema','1');
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	started TEXT NOT NULL, 
	finished TEXT, 
	recipe TEXT NOT NULL, 
	library TEXT NOT NULL, 
	parameters JSON NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO runs VALUES(1,'2026-11-23T00:18:27+00:00','2026-11-23T00:18:27+00:00','recipe','lib','{"recognizer": "0"}');
CREATE TABLE files (
	id INTEGER NOT NULL, 
	path TEXT NOT NULL, 
	sha256 TEXT, 
	size BIGINT, 
	mtime_ns BIGINT, 
	ctime_ns BIGINT, 
	error_code TEXT, 
	error TEXT, 
	PRIMARY KEY (id), 
	UNIQUE (path)
);
INSERT INTO files VALUES(1,'scans/a.png','d45730cf5198e4bfb2f9dc114712ca6cef511807c62a423777f8c97b75cc0e50',143,1795393107192139269,1795393107192139269,NULL,NULL);
INSERT INTO files VALUES(2,'scans/b.png','a2dc35622599849d38d2fff8b403a8a925112fec5640d0ea61ab026114422b28',151,1795393107192345106,1795393107192345106,NULL,NULL);
CREATE TABLE contents (
	sha256 TEXT NOT NULL, 
	pages INTEGER NOT NULL, 
	PRIMARY KEY (sha256)
);
INSERT INTO contents VALUES('d45730cf5198e4bfb2f9dc114712ca6cef511807c62a423777f8c97b75cc0e50',1);
INSERT INTO contents VALUES('a2dc35622599849d38d2fff8b403a8a925112fec5640d0ea61ab026114422b28',1);
CREATE TABLE scans (
	id INTEGER NOT NULL, 
	sha256 TEXT NOT NULL, 
	page INTEGER NOT NULL, 
	recipe TEXT NOT NULL, 
	library TEXT NOT NULL, 
	run INTEGER NOT NULL, 
	status TEXT NOT NULL, 
	error_code TEXT, 
	error TEXT, 
	width INTEGER, 
	height INTEGER, 
	dpi FLOAT, 
	seconds FLOAT, 
	picture TEXT, 
	record TEXT, 
	PRIMARY KEY (id), 
	UNIQUE (sha256, page), 
	FOREIGN KEY(run) REFERENCES runs (id)
);
INSERT INTO scans VALUES(1,'d45730cf5198e4bfb2f9dc114712ca6cef511807c62a423777f8c97b75cc0e50',0,'recipe','lib',1,'done',NULL,NULL,80,60,NULL,0.11379999999999999837,'pictures/d4/d45730cf5198-page.jpg','{"schema":"recognizer.scan/1","image":{"path":"scans/a.png","page":0,"width":80,"height":60,"dpi":null,"sha256":"d45730cf5198e4bfb2f9dc114712ca6cef511807c62a423777f8c97b75cc0e50"},"covers":[{"outline":[[0.0,0.0],[80.0,0.0],[80.0,60.0],[0.0,60.0]],"size_mm":null,"regions":[{"id":"r1","kind":"postmark","box":[20,10,40,40],"outline":[[20.0,10.0],[60.0,10.0],[60.0,50.0]],"angle_deg":0.0,"size_mm":null,"probability":0.9,"ink":"black","mark":{"id":"m2","name":"M2","known":true,"probability":0.9,"alternatives":[]},"date":{"text":"12 10 08","value":"2008-10-12","probability":0.9,"alternatives":[]},"letter":null}],"mission":{"id":"soyuz-tma-13","name":"Союз ТМА-13","event":"launch","status":"certain","probability":0.99,"evidence":[],"conflicts":[],"alternatives":[]}}],"warnings":[],"seconds":{"decode":0.0,"segment":0.0,"recognise":0.0,"date":0.0},"versions":{"recognizer":"0","models":{},"marks":""}}');
INSERT INTO scans VALUES(2,'a2dc35622599849d38d2fff8b403a8a925112fec5640d0ea61ab026114422b28',0,'recipe','lib',1,'done',NULL,NULL,80,60,NULL,0.017700000000000000455,'pictures/a2/a2dc35622599-page.jpg','{"schema":"recognizer.scan/1","image":{"path":"scans/b.png","page":0,"width":80,"height":60,"dpi":null,"sha256":"a2dc35622599849d38d2fff8b403a8a925112fec5640d0ea61ab026114422b28"},"covers":[{"outline":[[0.0,0.0],[80.0,0.0],[80.0,60.0],[0.0,60.0]],"size_mm":null,"regions":[{"id":"r1","kind":"postmark","box":[20,10,40,40],"outline":[[20.0,10.0],[60.0,10.0],[60.0,50.0]],"angle_deg":0.0,"size_mm":null,"probability":0.9,"ink":"black","mark":{"id":null,"name":null,"known":false,"probability":0.9,"alternatives":[]},"date":{"text":"12 10 08","value":"2008-10-12","probability":0.9,"alternatives":[]},"letter":null}],"mission":{"id":null,"name":null,"event":null,"status":"undetermined","probability":0.99,"evidence":[],"conflicts":[],"alternatives":[]}}],"warnings":[],"seconds":{"decode":0.0,"segment":0.0,"recognise":0.0,"date":0.0},"versions":{"recognizer":"0","models":{},"marks":""}}');
CREATE TABLE pieces (
	id INTEGER NOT NULL, 
	scan INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	outline JSON NOT NULL, 
	width_mm FLOAT, 
	height_mm FLOAT, 
	mission TEXT, 
	mission_name TEXT, 
	event TEXT, 
	status TEXT NOT NULL, 
	probability FLOAT NOT NULL, 
	look_at JSON NOT NULL, 
	to_look_at BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(scan) REFERENCES scans (id) ON DELETE CASCADE
);
INSERT INTO pieces VALUES(1,1,1,'[[0.0, 0.0], [80.0, 0.0], [80.0, 60.0], [0.0, 60.0]]',NULL,NULL,'soyuz-tma-13','Союз ТМА-13','launch','certain',0.98999999999999999111,'[]',0);
INSERT INTO pieces VALUES(2,2,1,'[[0.0, 0.0], [80.0, 0.0], [80.0, 60.0], [0.0, 60.0]]',NULL,NULL,NULL,NULL,NULL,'undetermined',0.98999999999999999111,'["1 strike of no known mark"]',1);
CREATE TABLE regions (
	id TEXT NOT NULL, 
	piece INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	x INTEGER NOT NULL, 
	y INTEGER NOT NULL, 
	w INTEGER NOT NULL, 
	h INTEGER NOT NULL, 
	outline JSON NOT NULL, 
	angle_deg FLOAT NOT NULL, 
	width_mm FLOAT, 
	height_mm FLOAT, 
	probability FLOAT NOT NULL, 
	ink TEXT, 
	struck BOOLEAN NOT NULL, 
	mark TEXT, 
	mark_name TEXT, 
	mark_probability FLOAT, 
	date_text TEXT, 
	date TEXT, 
	date_probability FLOAT, 
	letter TEXT, 
	crop TEXT, 
	core JSON, 
	crop_dpi FLOAT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(piece) REFERENCES pieces (id) ON DELETE CASCADE
);
INSERT INTO regions VALUES('d45730cf5198-r1',1,'r1','postmark',20,10,40,40,'[[20.0, 10.0], [60.0, 10.0], [60.0, 50.0]]',0.0,NULL,NULL,0.9000000000000000222,'black',1,'m2','M2',0.9000000000000000222,'12 10 08','2008-10-12',0.9000000000000000222,NULL,'strikes/d4/d45730cf5198-r1.jpg','[20, 10, 40, 40]',300.0);
INSERT INTO regions VALUES('a2dc35622599-r1',2,'r1','postmark',20,10,40,40,'[[20.0, 10.0], [60.0, 10.0], [60.0, 50.0]]',0.0,NULL,NULL,0.9000000000000000222,'black',1,NULL,NULL,0.9000000000000000222,'12 10 08','2008-10-12',0.9000000000000000222,NULL,'strikes/a2/a2dc35622599-r1.jpg','[20, 10, 40, 40]',300.0);
CREATE INDEX ix_files_sha256 ON files (sha256);
CREATE INDEX pieces_to_look_at ON pieces (to_look_at, id);
CREATE INDEX pieces_by_mission ON pieces (mission, id);
CREATE INDEX ix_pieces_scan ON pieces (scan);
CREATE INDEX ix_regions_piece ON regions (piece);
CREATE INDEX regions_by_mark ON regions (mark, piece);
CREATE INDEX regions_by_date ON regions (date, piece);
CREATE INDEX ix_regions_kind ON regions (kind);
COMMIT;
