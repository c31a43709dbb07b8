/* The floor view watches, and answers what a fault asks. */
import "/static/web/redirect.js";
