/* The floor view only watches: what all consoles share is all it needs. */
import "/static/web/console.js";
