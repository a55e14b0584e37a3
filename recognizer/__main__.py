"""``python -m recognizer`` is the command line."""

from recognizer.cli import main

if __name__ == "__main__":
    main()
