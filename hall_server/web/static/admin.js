/* The pages of the administrator. */
import "/static/web/console.js";
