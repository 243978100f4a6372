/** `npm run gallery [-- folder]`: the pictures of docs/gallery, or of another folder. */
import { writeGallery } from "./write.ts";

const folder = process.argv[2] ?? "docs/gallery";
const made = await writeGallery(folder);
console.log(`${made.length} pictures in ${folder}`);
