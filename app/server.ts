import { builtPages } from '~/web/page-source';
import { runWebProcess } from '~/web/web-process';

runWebProcess(builtPages);
