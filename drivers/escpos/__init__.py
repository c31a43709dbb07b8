"""ESC/POS ticket printers: slip to picture, picture to bytes, bytes to truth."""
